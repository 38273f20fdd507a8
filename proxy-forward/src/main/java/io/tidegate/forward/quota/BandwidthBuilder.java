package io.tidegate.forward.quota;

import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;

/**
 * Describes how fast octets may pass, in octets per second: content of requests and responses, and
 * all that goes through tunnels. Upload, from clients, and download, to them, have a rate each.
 */
public final class BandwidthBuilder {
  private RequestPattern only = RequestPattern.ANY;
  private Rates perConnection = Rates.UNLIMITED;
  private Rates perUser = Rates.UNLIMITED;
  private Rates whole = Rates.UNLIMITED;
  private Duration burst = BandwidthSettings.DEFAULT_BURST;

  /** As fast as octets come. */
  BandwidthBuilder() {}

  /**
   * Is about these requests only. They may be told by anything but the address that is dialled,
   * which nobody knows yet.
   */
  public BandwidthBuilder only(RequestPattern pattern) {
    this.only = pattern;
    return this;
  }

  /** The rate of each connection of a client, the same up and down. */
  public BandwidthBuilder perConnection(long rate) {
    this.perConnection = Rates.both(rate);
    return this;
  }

  /** The rates of each connection of a client; 0 for as fast as octets come. */
  public BandwidthBuilder perConnection(long up, long down) {
    this.perConnection = new Rates(up, down);
    return this;
  }

  /** The rate of each user, the same up and down; clients without a name count by address. */
  public BandwidthBuilder perUser(long rate) {
    this.perUser = Rates.both(rate);
    return this;
  }

  /** The rates of each user; 0 for as fast as octets come. */
  public BandwidthBuilder perUser(long up, long down) {
    this.perUser = new Rates(up, down);
    return this;
  }

  /** The rate of all together, the same up and down. */
  public BandwidthBuilder whole(long rate) {
    this.whole = Rates.both(rate);
    return this;
  }

  /** The rates of all together; 0 for as fast as octets come. */
  public BandwidthBuilder whole(long up, long down) {
    this.whole = new Rates(up, down);
    return this;
  }

  /** For how long unused rate is not lost, 100 ms unless called: so much may come at once. */
  public BandwidthBuilder burst(Duration time) {
    this.burst = time;
    return this;
  }

  /**
   * What was said so far, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  BandwidthSettings settings() {
    return new BandwidthSettings(only, perConnection, perUser, whole, burst);
  }
}
