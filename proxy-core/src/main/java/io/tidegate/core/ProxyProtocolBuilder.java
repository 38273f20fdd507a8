package io.tidegate.core;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.server.ProxyProtocolSettings;
import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says whose word a listener takes for who a client is: the PROXY protocol, version 1 or 2. */
public final class ProxyProtocolBuilder {
  private final List<String> from = new ArrayList<>();
  private boolean optional = ProxyProtocolSettings.DEFAULT.optional();
  private boolean servesOthers = ProxyProtocolSettings.DEFAULT.servesOthers();
  private Duration timeout = ProxyProtocolSettings.DEFAULT.timeout();

  /** Believes nobody so far. */
  public ProxyProtocolBuilder() {}

  /** Says what {@code settings} say. */
  public ProxyProtocolBuilder settings(ProxyProtocolSettings settings) {
    from.clear();
    settings.from().forEach(range -> from.add(range.toString()));
    this.optional = settings.optional();
    this.servesOthers = settings.servesOthers();
    this.timeout = settings.timeout();
    return this;
  }

  /**
   * Believes these senders, as addresses or ranges like {@code 10.0.0.0/8}: their connections begin
   * with a header. Repeated calls accumulate; at least one is needed.
   */
  public ProxyProtocolBuilder from(String... ranges) {
    from.addAll(List.of(ranges));
    return this;
  }

  /** Lets senders that are believed leave the header out. */
  public ProxyProtocolBuilder optional() {
    this.optional = true;
    return this;
  }

  /**
   * Serves everybody else too, without looking for a header; unless called, their connections are
   * closed.
   */
  public ProxyProtocolBuilder serveOthers() {
    this.servesOthers = true;
    return this;
  }

  /** How long the header may take; 5 seconds unless called. */
  public ProxyProtocolBuilder timeout(Duration most) {
    this.timeout = most;
    return this;
  }

  /** What was said so far; null after what is wrong with it has been noted in {@code checks}. */
  @Nullable ProxyProtocolSettings settings(Checks checks) {
    Checks texts = new Checks();
    List<AddressRange> ranges = AddressRange.parse("from", from, texts);
    return checks.collect(
        "proxyProtocol: ",
        () -> {
          texts.done();
          return new ProxyProtocolSettings(ranges, optional, servesOthers, timeout);
        });
  }
}
