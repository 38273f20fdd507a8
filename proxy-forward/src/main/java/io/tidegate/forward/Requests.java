package io.tidegate.forward;

import java.util.List;

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
  private static final RequestPattern ANY =
      new RequestPattern(List.of(), List.of(), List.of(), List.of());

  private Requests() {}

  /** Every request. */
  public static RequestPattern any() {
    return ANY;
  }

  /**
   * Requests for a host. The forms, in any case and with or without a trailing dot:
   *
   * <ul>
   *   <li>{@code www.example.com}: this name
   *   <li>{@code *.example.com}: every name below it, not {@code example.com} itself
   *   <li>{@code .example.com}: the name and every name below it
   *   <li>{@code *}: every host, names and addresses
   *   <li>{@code 203.0.113.7}, {@code 2001:db8::7}: this address where a client asks for it in
   *       place of a name, however it is spelled; {@link #toAddress} also covers names that resolve
   *       to it
   * </ul>
   *
   * An internationalized name is written as it stands in DNS: {@code xn--bcher-kva.example}.
   */
  public static RequestPattern to(String host) {
    return ANY.to(host);
  }

  /**
   * Requests that would go to an address in this range, {@code 203.0.113.0/24}: those that ask for
   * the address, and those for a name that resolves to it. Only where a connection is about to be
   * made can the latter be told.
   */
  public static RequestPattern toAddress(String range) {
    return ANY.toAddress(range);
  }

  /** Requests of clients in this range, {@code 10.0.0.0/8}. */
  public static RequestPattern fromClient(String range) {
    return ANY.fromClient(range);
  }
}
