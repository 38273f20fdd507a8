package io.tidegate.forward;

import io.tidegate.forward.access.RequestPattern;
import java.time.DayOfWeek;

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

  /** Requests of this user, {@code *} for everybody who has proved who they are. */
  public static RequestPattern user(String name) {
    return RequestPattern.ANY.user(name);
  }

  /** Requests of users who belong to this group. */
  public static RequestPattern group(String name) {
    return RequestPattern.ANY.group(name);
  }

  /**
   * Requests of clients with this certificate; {@link RequestPattern#certificate} has the forms.
   */
  public static RequestPattern certificate(String name) {
    return RequestPattern.ANY.certificate(name);
  }

  /** Requests with this method. */
  public static RequestPattern method(String method) {
    return RequestPattern.ANY.method(method);
  }

  /** Requests for this path, or with {@code /**} at its end for all below; tunnels have none. */
  public static RequestPattern path(String path) {
    return RequestPattern.ANY.path(path);
  }

  /** Requests at this time of day; {@link RequestPattern#at} explains the arguments. */
  public static RequestPattern at(String from, String to, String zone, DayOfWeek... days) {
    return RequestPattern.ANY.at(from, to, zone, days);
  }
}
