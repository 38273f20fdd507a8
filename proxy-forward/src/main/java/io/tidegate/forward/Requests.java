package io.tidegate.forward;

import io.tidegate.forward.access.RequestPattern;

/**
 * Which requests a rule is about, to be imported statically:
 *
 * <pre>{@code
 * .allow(to("*.example.com").port(443))
 * .deny(fromClient("10.9.0.0/16").to("intranet.example"))
 * }</pre>
 *
 * Each returns a {@link RequestPattern} that can be narrowed further.
 */
public final class Requests {
  private Requests() {}

  /** Every request. */
  public static RequestPattern any() {
    return RequestPattern.ANY;
  }

  /** Requests for a host; {@link RequestPattern#to} has the forms. */
  public static RequestPattern to(String host) {
    return RequestPattern.ANY.to(host);
  }

  /** Requests that go to an address in this range; see {@link RequestPattern#toAddress}. */
  public static RequestPattern toAddress(String range) {
    return RequestPattern.ANY.toAddress(range);
  }

  /** Requests of clients in this range, {@code 10.0.0.0/8}. */
  public static RequestPattern fromClient(String range) {
    return RequestPattern.ANY.fromClient(range);
  }
}
