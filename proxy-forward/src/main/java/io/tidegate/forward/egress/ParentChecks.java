package io.tidegate.forward.egress;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Upstreams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tries from time to time whether connections to parent proxies can be made. */
final class ParentChecks implements Background {
  private final List<ParentGroup.Member> members;
  private final Duration interval;
  private final Map<ParentGroup.Member, Runnable> pending = new ConcurrentHashMap<>();

  /** Checks of {@code members}, each {@code interval} after the one before. */
  ParentChecks(List<ParentGroup.Member> members, Duration interval) {
    this.members = members;
    this.interval = interval;
  }

  @Override
  public void start(Upstreams upstreams) {
    members.forEach(member -> check(member, upstreams));
  }

  @Override
  public void moved(Upstreams upstreams) {
    pending.clear(); // nothing comes of what was begun there
    start(upstreams);
  }

  private void check(ParentGroup.Member member, Upstreams upstreams) {
    pending.remove(member);
    Completion<Destination> result =
        new Completion<>() {
          @Override
          public void completed(Destination reached) {
            member.health().succeeded();
            checkLater(member, upstreams);
          }

          @Override
          public void failed(Failure failure) {
            member.health().failed();
            checkLater(member, upstreams);
          }
        };
    Runnable withdrawal =
        upstreams.reach(Destination.relay(member.parent(), null), interval, result);
    pending.putIfAbsent(member, withdrawal); // unless the answer has come, and the timer runs
  }

  private void checkLater(ParentGroup.Member member, Upstreams upstreams) {
    pending.put(member, upstreams.after(interval, () -> check(member, upstreams)));
  }

  @Override
  public void stop() {
    pending.values().forEach(Runnable::run);
    pending.clear();
  }
}
