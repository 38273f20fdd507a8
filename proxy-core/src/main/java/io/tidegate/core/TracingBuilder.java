package io.tidegate.core;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.TracingSettings;
import io.tidegate.core.header.TracingSettings.Mode;
import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of the trace context of clients (W3C Trace Context). It goes on as it came
 * unless told otherwise.
 */
public final class TracingBuilder {
  private Mode mode = TracingSettings.PASS.mode();
  private final List<String> trusted = new ArrayList<>();
  private double sampledShare = TracingSettings.PASS.sampledShare();

  /** Passes everything on so far. */
  TracingBuilder() {}

  TracingBuilder settings(TracingSettings settings) {
    this.mode = settings.mode();
    trusted.clear();
    settings.trusted().forEach(range -> trusted.add(range.toString()));
    this.sampledShare = settings.sampledShare();
    return this;
  }

  /** Lets traceparent and tracestate go on as the client has sent them; the default. */
  public TracingBuilder pass() {
    this.mode = Mode.PASS;
    return this;
  }

  /**
   * Makes the proxy a part of the client's trace: upstreams are told an id of ours as the parent. A
   * trace is begun where there is none, or one that is invalid.
   */
  public TracingBuilder continued() {
    this.mode = Mode.CONTINUE;
    return this;
  }

  /**
   * Begins a trace for each request, whatever the client says: but for clients with these
   * addresses, or in ranges like {@code 10.0.0.0/8}, whose traces are continued.
   */
  public TracingBuilder restarted(String... butForClients) {
    this.mode = Mode.RESTART;
    trusted.addAll(List.of(butForClients));
    return this;
  }

  /**
   * The part of the traces begun here, from 0 to 1, that tells upstreams that it is recorded; all
   * of them unless called. Those that are continued stay as they are.
   */
  public TracingBuilder sampledShare(double share) {
    this.sampledShare = share;
    return this;
  }

  /** What was said; what is wrong with it is noted in {@code checks}, and null returned. */
  @Nullable TracingSettings settings(Checks checks) {
    List<AddressRange> ranges = AddressRange.parse("tracing: trusted", trusted, checks);
    return checks.collect("tracing: ", () -> new TracingSettings(mode, ranges, sampledShare));
  }
}
