package io.tidegate.forward.egress;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.Path;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.address.TargetHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parent proxies that requests go through, the first choice first.
 *
 * @param partition what the cache calls its part that is for what comes through them
 * @param requests which requests; all if there are none
 * @param resolvesNames whether names of destinations are looked up and checked here
 * @param members the parent proxies
 */
record ParentGroup(
    String partition, List<RequestMatcher> requests, boolean resolvesNames, List<Member> members) {
  /** One of them, and how it is. */
  record Member(Parent parent, ParentHealth health) {}

  boolean takes(ClientRequest request, TargetHost host) {
    return requests.isEmpty() || Egress.matchesOne(requests, request, host);
  }

  /**
   * The ways to {@code origin}; {@code relayable} if the request may be given to an HTTP proxy as
   * it is, {@code addsVia} if it may be told of us.
   */
  Destinations ways(
      Destination origin, boolean relayable, Path.@Nullable Source source, boolean addsVia) {
    return new Ways(origin, relayable && !resolvesNames, source, addsVia);
  }

  /**
   * One after the other, as long as they cannot be used. What a parent proxy has answered about the
   * destination is final: others would only be asked the same.
   */
  private final class Ways implements Destinations {
    private final Destination origin;
    private final boolean relayable;
    private final Path.@Nullable Source source;
    private final boolean addsVia;
    private int next;
    private boolean lastResort;
    private boolean offered;
    private boolean answered;

    Ways(Destination origin, boolean relayable, Path.@Nullable Source source, boolean addsVia) {
      this.origin = origin;
      this.relayable = relayable;
      this.source = source;
      this.addsVia = addsVia;
    }

    @Override
    public @Nullable Destination next() {
      while (!answered && next < members.size()) {
        Member member = members.get(next++);
        if (lastResort || member.health().mayTry()) {
          offered = true;
          return way(member.parent());
        }
      }
      if (offered || answered) {
        return null;
      }
      lastResort = true; // all are left out: better try them than none
      next = 0;
      return next();
    }

    private Destination way(Parent parent) {
      if (relayable && parent.kind().speaksHttp()) {
        return Destination.relay(parent, source);
      }
      Path.Way way = resolvesNames ? Path.Way.CHECKED_TUNNEL : Path.Way.TUNNEL;
      return origin.by(new Path(way, parent, source, addsVia));
    }

    @Override
    public boolean hasMore() {
      return !answered && next < members.size();
    }

    @Override
    public void finished(Destination destination, @Nullable Failure failure) {
      Parent parent = destination.path().parent();
      for (Member member : members) {
        if (member.parent().equals(parent)) {
          report(member.health(), failure);
          return;
        }
      }
    }

    private void report(ParentHealth health, @Nullable Failure failure) {
      if (ParentUnavailableException.isCauseOf(failure)) {
        health.failed();
        return;
      }
      answered = true;
      if (failure == null) {
        health.succeeded();
      } else {
        health.learntNothing();
      }
    }
  }
}
