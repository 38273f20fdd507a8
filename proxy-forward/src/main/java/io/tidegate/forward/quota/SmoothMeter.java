package io.tidegate.forward.quota;

import io.tidegate.core.limit.TokenBucket;

/** A meter of what comes back evenly. What is used too much is owed. */
final class SmoothMeter implements Meter {
  private final long most;
  private final long interval;
  private final long per;
  private final TokenBucket bucket;

  SmoothMeter(Allowance allowance, long now) {
    this.most = allowance.most();
    this.per = allowance.per().toNanos();
    this.interval = (per + most - 1) / most;
    this.bucket = new TokenBucket(now);
  }

  @Override
  public long take(long now) {
    return bucket.take(now, interval, most);
  }

  @Override
  public void giveBack(long now) {
    bucket.giveBack(interval);
  }

  @Override
  public long untilMore(long now) {
    return Math.max(0, bucket.untilFull(now) + price(1) - per);
  }

  @Override
  public boolean use(long now, long amount) {
    return bucket.spend(now, price(amount)) > per;
  }

  /** Exact to the nanosecond; the product may be beyond what a long holds. */
  private long price(long amount) {
    return (long) Math.ceil((double) amount / most * per);
  }
}
