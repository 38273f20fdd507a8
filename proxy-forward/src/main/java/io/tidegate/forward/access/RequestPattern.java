package io.tidegate.forward.access;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which requests a rule is about: those that meet every condition named; of several values for one
 * condition, any will do. Narrowed by its methods, from {@link #ANY}. Immutable.
 *
 * <p>Values are kept as they were written, and checked when the proxy is built, so that everything
 * wrong is reported at once.
 *
 * @param hosts the hosts asked for, see {@link #to}; empty for all
 * @param addresses ranges of addresses that are dialled; empty for all
 * @param ports the ports asked for; empty for all
 * @param clients ranges of client addresses; empty for all
 */
public record RequestPattern(
    List<String> hosts, List<String> addresses, List<PortRange> ports, List<String> clients) {
  /** Every request. */
  public static final RequestPattern ANY =
      new RequestPattern(List.of(), List.of(), List.of(), List.of());

  private static final String RANGE =
      "an IP address, or a range like 10.0.0.0/8 without address bits beyond the prefix";

  /** Copies the lists. */
  public RequestPattern {
    hosts = List.copyOf(hosts);
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
    clients = List.copyOf(clients);
  }

  /**
   * Only those for this host, in any case and with or without a trailing dot:
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
  public RequestPattern to(String host) {
    return new RequestPattern(with(hosts, host), addresses, ports, clients);
  }

  /**
   * Only those that go to an address in this range, {@code 203.0.113.0/24}: those that ask for the
   * address, and those for a name that resolves to it. Only where a connection is about to be made
   * can the latter be told.
   */
  public RequestPattern toAddress(String range) {
    return new RequestPattern(hosts, with(addresses, range), ports, clients);
  }

  /** Only those of clients in this range. */
  public RequestPattern fromClient(String range) {
    return new RequestPattern(hosts, addresses, ports, with(clients, range));
  }

  /** Only those for this port. */
  public RequestPattern port(int port) {
    return portRange(port, port);
  }

  /** Only those for these ports. */
  public RequestPattern ports(int... several) {
    RequestPattern pattern = this;
    for (int port : several) {
      pattern = pattern.port(port);
    }
    return pattern;
  }

  /** Only those for ports from {@code first} to {@code last}, both included. */
  public RequestPattern portRange(int first, int last) {
    return new RequestPattern(hosts, addresses, with(ports, new PortRange(first, last)), clients);
  }

  private static <T> List<T> with(List<T> list, T value) {
    List<T> longer = new ArrayList<>(list);
    longer.add(value);
    return longer;
  }

  /**
   * Whether this names neither clients nor destinations, so that everyone may go everywhere; ports
   * do not count.
   */
  public boolean isOpen() {
    return matchesAll(hosts, "*"::equals)
        && matchesAll(addresses, RequestPattern::isEverything)
        && matchesAll(clients, RequestPattern::isEverything);
  }

  private static boolean matchesAll(List<String> values, Predicate<String> everything) {
    return values.isEmpty() || values.stream().anyMatch(everything);
  }

  private static boolean isEverything(String range) {
    return range.endsWith("/0");
  }

  /** Notes every value that cannot work. */
  public void check(Checks checks, String setting) {
    for (String host : hosts) {
      if (HostPattern.parse(host) == null) {
        checks.reject(setting + " host", host, HostPattern.EXPECTED);
      }
    }
    ports.forEach(range -> range.check(checks, setting + " port"));
    checkRanges(checks, setting + " address", addresses);
    checkRanges(checks, setting + " client", clients);
  }

  /** Notes each of {@code ranges} that is none. */
  public static void checkRanges(Checks checks, String setting, List<String> ranges) {
    for (String range : ranges) {
      try {
        AddressRange.parse(range);
      } catch (IllegalArgumentException e) {
        checks.reject(setting, range, RANGE);
      }
    }
  }
}
