package io.tidegate.core.header;

import io.tidegate.core.spi.Checks;
import java.util.List;

/**
 * What becomes of the trace context of clients: traceparent and tracestate (W3C Trace Context).
 *
 * @param mode what is done
 * @param trusted clients whose trace is continued all the same where others' are begun anew
 * @param sampledShare the part of the traces we begin that says it is recorded, from 0 to 1
 */
public record TracingSettings(Mode mode, List<AddressRange> trusted, double sampledShare) {
  /** What is done with trace context. */
  public enum Mode {
    /** It goes on as the client has sent it. */
    PASS,
    /** The proxy is a part of the client's trace, and begins one if there is none. */
    CONTINUE,
    /** The proxy begins a trace, whatever a client says that is not trusted. */
    RESTART
  }

  /** Everything goes on as it came. */
  public static final TracingSettings PASS = new TracingSettings(Mode.PASS, List.of(), 1);

  /** Copies the list; rejects what cannot work. */
  public TracingSettings {
    trusted = List.copyOf(trusted);
    Checks checks = new Checks();
    if (!(sampledShare >= 0 && sampledShare <= 1)) {
      checks.reject("sampledShare", sampledShare, "0 to 1");
    }
    if (mode != Mode.RESTART && !trusted.isEmpty()) {
      checks.reject("trusted", trusted, "none unless traces are begun anew");
    }
    checks.done();
  }
}
