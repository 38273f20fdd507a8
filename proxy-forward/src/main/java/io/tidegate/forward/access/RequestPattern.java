package io.tidegate.forward.access;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
 * @param users the users who ask, see {@link #user}; empty for all
 * @param groups the groups they belong to; empty for all
 * @param certificates names in client certificates, see {@link #certificate}; empty for all
 * @param methods the methods, CONNECT among them; empty for all
 * @param paths the paths asked for, see {@link #path}; empty for all, those of tunnels too
 * @param times when they are made; empty for always
 */
public record RequestPattern(
    List<String> hosts,
    List<String> addresses,
    List<PortRange> ports,
    List<String> clients,
    List<String> users,
    List<String> groups,
    List<String> certificates,
    List<String> methods,
    List<String> paths,
    List<TimeWindow> times) {
  /** Every request. */
  public static final RequestPattern ANY =
      new RequestPattern(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of());

  /** The user that stands for all who have proved who they are. */
  public static final String ANY_USER = "*";

  private static final String RANGE =
      "an IP address, or a range like 10.0.0.0/8 without address bits beyond the prefix";

  /** Copies the lists. */
  public RequestPattern {
    hosts = List.copyOf(hosts);
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
    clients = List.copyOf(clients);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    certificates = List.copyOf(certificates);
    methods = List.copyOf(methods);
    paths = List.copyOf(paths);
    times = List.copyOf(times);
  }

  /** The lists of a pattern while a value is added to one of them. */
  private static final class Draft {
    final List<String> hosts;
    final List<String> addresses;
    final List<PortRange> ports;
    final List<String> clients;
    final List<String> users;
    final List<String> groups;
    final List<String> certificates;
    final List<String> methods;
    final List<String> paths;
    final List<TimeWindow> times;

    Draft(RequestPattern from) {
      hosts = new ArrayList<>(from.hosts);
      addresses = new ArrayList<>(from.addresses);
      ports = new ArrayList<>(from.ports);
      clients = new ArrayList<>(from.clients);
      users = new ArrayList<>(from.users);
      groups = new ArrayList<>(from.groups);
      certificates = new ArrayList<>(from.certificates);
      methods = new ArrayList<>(from.methods);
      paths = new ArrayList<>(from.paths);
      times = new ArrayList<>(from.times);
    }

    RequestPattern done() {
      return new RequestPattern(
          hosts, addresses, ports, clients, users, groups, certificates, methods, paths, times);
    }
  }

  private RequestPattern with(Consumer<Draft> more) {
    Draft draft = new Draft(this);
    more.accept(draft);
    return draft.done();
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
    return with(draft -> draft.hosts.add(host));
  }

  /**
   * Only those that go to an address in this range, {@code 203.0.113.0/24}: those that ask for the
   * address, and those for a name that resolves to it. Only where a connection is about to be made
   * can the latter be told.
   */
  public RequestPattern toAddress(String range) {
    return with(draft -> draft.addresses.add(range));
  }

  /** Only those of clients in this range. */
  public RequestPattern fromClient(String range) {
    return with(draft -> draft.clients.add(range));
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
    return with(draft -> draft.ports.add(new PortRange(first, last)));
  }

  /** Only those of this user, or with {@code *} of everybody who has proved who they are. */
  public RequestPattern user(String name) {
    return with(draft -> draft.users.add(name));
  }

  /** Only those of users who belong to this group. */
  public RequestPattern group(String name) {
    return with(draft -> draft.groups.add(name));
  }

  /**
   * Only those of clients whose certificate has this name:
   *
   * <ul>
   *   <li>{@code CN=billing,O=Example}: as its subject (RFC 4514), without regard to spacing and
   *       case
   *   <li>{@code billing.example.com}, {@code *.example.com}: as a DNS name among its subject
   *       alternative names (RFC 5280 §4.2.1.6), or below it
   *   <li>{@code billing@example.com}: as an email address among them
   *   <li>{@code spiffe://example.com/billing}: as a URI among them
   * </ul>
   */
  public RequestPattern certificate(String name) {
    return with(draft -> draft.certificates.add(name));
  }

  /** Only those with this method; CONNECT is the one that asks for a tunnel. */
  public RequestPattern method(String method) {
    return with(draft -> draft.methods.add(method));
  }

  /**
   * Only those for this path, {@code /status}, or with {@code /api/**} for it and all below; what a
   * tunnel carries has no path that could be seen. Percent-encoding is undone where it makes no
   * difference (RFC 3986 §6.2.2).
   *
   * <p>A path that servers read in different ways, such as {@code /a//b}, {@code /a/../b} or one
   * that differs by case or by parameters of a segment only, is refused by a rule that denies and
   * not allowed by one that allows.
   */
  public RequestPattern path(String path) {
    return with(draft -> draft.paths.add(path));
  }

  /**
   * Only those made at these times of day.
   *
   * @param from the first minute, {@code 08:00}
   * @param to the first minute that is too late, at most {@code 24:00}; on the next day if it is
   *     before {@code from}
   * @param zone the time zone, {@code Europe/Berlin} or {@code UTC}
   * @param days the days on which it begins, every day if none
   */
  public RequestPattern at(String from, String to, String zone, DayOfWeek... days) {
    return with(draft -> draft.times.add(new TimeWindow(List.of(days), from, to, zone)));
  }

  /**
   * Whether this names neither clients nor destinations, so that everyone may go everywhere; ports,
   * methods, paths and times do not count.
   */
  public boolean isOpen() {
    return matchesAll(hosts, "*"::equals)
        && matchesAll(addresses, RequestPattern::isEverything)
        && matchesAll(clients, RequestPattern::isEverything)
        && users.isEmpty()
        && groups.isEmpty()
        && certificates.isEmpty();
  }

  private static boolean matchesAll(List<String> values, Predicate<String> everything) {
    return values.isEmpty() || values.stream().anyMatch(everything);
  }

  private static boolean isEverything(String range) {
    return range.endsWith("/0");
  }

  /**
   * Notes conditions about who asks, for a proxy that asks nobody who they are: a rule with one
   * would never match, not even if it denies.
   */
  public void checkUnknown(Checks checks, String setting) {
    String expected = "authentication, without which nobody is known";
    if (!users.isEmpty()) {
      checks.reject(setting + " user", users, expected);
    }
    if (!groups.isEmpty()) {
      checks.reject(setting + " group", groups, expected);
    }
  }

  /** Notes every value that cannot work. */
  public void check(Checks checks, String setting) {
    expect(checks, setting + " host", hosts, RequestPattern::isHost, HostPattern.EXPECTED);
    ports.forEach(range -> range.check(checks, setting + " port"));
    checkRanges(checks, setting + " address", addresses);
    checkRanges(checks, setting + " client", clients);
    expect(checks, setting + " user", users, RequestPattern::isNamed, "a name, or *");
    expect(checks, setting + " group", groups, RequestPattern::isNamed, "a name");
    expect(
        checks,
        setting + " certificate",
        certificates,
        name -> CertificatePattern.parse(name) != null,
        CertificatePattern.EXPECTED);
    expect(checks, setting + " method", methods, MethodPattern::isMethod, MethodPattern.EXPECTED);
    expect(checks, setting + " path", paths, PathPattern::isPattern, PathPattern.EXPECTED);
    times.forEach(window -> window.check(checks, setting));
  }

  private static boolean isHost(String text) {
    return HostPattern.parse(text) != null;
  }

  private static boolean isNamed(String name) {
    return !name.isBlank();
  }

  private static void expect(
      Checks checks,
      String setting,
      List<String> values,
      Predicate<String> valid,
      String expected) {
    for (String value : values) {
      if (!valid.test(value)) {
        checks.reject(setting, value, expected);
      }
    }
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
