package io.tidegate.forward.quota;

import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pace of one exchange: no faster than the slowest of its lanes, and no more than its quotas.
 */
final class LimitedPace implements Pace {
  private final LongSupplier nanoTime;
  private final List<Bandwidth.Lane> up;
  private final List<Bandwidth.Lane> down;
  private final List<Quota.Use> quotas;
  private @Nullable Failure exhausted;

  LimitedPace(
      LongSupplier nanoTime,
      List<Bandwidth.Lane> up,
      List<Bandwidth.Lane> down,
      List<Quota.Use> quotas) {
    this.nanoTime = nanoTime;
    this.up = up;
    this.down = down;
    this.quotas = quotas;
  }

  @Override
  public long fromClient(int octets) {
    return passed(octets, up);
  }

  @Override
  public long toClient(int octets) {
    return passed(octets, down);
  }

  private long passed(int octets, List<Bandwidth.Lane> lanes) {
    long now = nanoTime.getAsLong();
    long wait = 0;
    for (int i = 0; i < lanes.size(); i++) {
      wait = Math.max(wait, lanes.get(i).pass(now, octets));
    }
    for (int i = 0; octets > 0 && i < quotas.size(); i++) {
      Failure reason = quotas.get(i).passed(now, octets);
      exhausted = reason == null ? exhausted : reason;
    }
    return exhausted == null ? wait : NO_MORE;
  }

  @Override
  public Failure exhausted() {
    return Objects.requireNonNull(exhausted);
  }
}
