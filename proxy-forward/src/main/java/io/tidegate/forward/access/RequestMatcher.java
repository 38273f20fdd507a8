package io.tidegate.forward.access;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.address.EmbeddedIpv4;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link RequestPattern}, parsed. */
public final class RequestMatcher {
  /** Whether a pattern matches. */
  public enum Match {
    /** It does not. */
    NO,
    /**
     * Those who will read the request may or may not see what the pattern is about, or take it
     * there: what refuses takes that for a match, what lets pass does not.
     */
    UNCLEAR,
    /** That depends on the address, which is not known yet. */
    MAYBE,
    /** It does. */
    YES
  }

  private final List<HostPattern> hosts;
  private final List<AddressRange> addresses;
  private final List<PortRange> ports;
  private final ClientMatcher clients;
  private final List<String> methods;
  private final List<PathPattern> paths;
  private final List<TimeCondition> times;
  private final EmbeddedIpv4 embedded;

  /**
   * A matcher for {@code pattern}, which has been checked.
   *
   * @param clock tells the time of day
   * @param embedded tells which IPv4 addresses another one leads to
   */
  RequestMatcher(RequestPattern pattern, InstantSource clock, EmbeddedIpv4 embedded) {
    this.hosts =
        pattern.hosts().stream()
            .map(host -> Objects.requireNonNull(HostPattern.parse(host)))
            .toList();
    this.addresses = pattern.addresses().stream().map(AddressRange::parse).toList();
    this.ports = pattern.ports();
    this.clients = new ClientMatcher(pattern);
    this.methods = pattern.methods();
    this.paths =
        pattern.paths().stream()
            .map(path -> Objects.requireNonNull(PathPattern.parse(path)))
            .toList();
    this.times = pattern.times().stream().map(time -> new TimeCondition(time, clock)).toList();
    this.embedded = embedded;
  }

  /** The hosts it is about, none for all. */
  List<HostPattern> hosts() {
    return hosts;
  }

  /** Whether it can depend on the address. */
  boolean asksForAddress() {
    return !addresses.isEmpty();
  }

  /**
   * Whether this matches a request for {@code host} that goes to {@code address}, null as long as
   * that is unknown.
   */
  public Match matches(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    return matchesHost(host) ? matchesAtHost(request, address) : Match.NO;
  }

  /** The same for a host that matches. */
  Match matchesAtHost(ClientRequest request, @Nullable InetAddress address) {
    if (!(ports.isEmpty() || PortRange.contains(ports, request.port()))
        || !clients.matches(request)
        || !isTime()) {
      return Match.NO;
    }
    Match match = weaker(matchesMethod(request), matchesPath(request));
    if (match == Match.NO || addresses.isEmpty()) {
      return match;
    }
    if (address == null) {
      return Match.MAYBE;
    }
    return weaker(match, matchesAddress(address));
  }

  /**
   * An address and those it leads to are one destination by several names. Only where a translator
   * of the network takes one out for sure is the outer address but the way to it.
   */
  private Match matchesAddress(InetAddress address) {
    boolean outer = contains(addresses, address);
    List<InetAddress> inner = embedded.in(address);
    if (inner.isEmpty()) {
      return outer ? Match.YES : Match.NO;
    }
    int named = 0;
    for (int i = 0; i < inner.size(); i++) {
      named += contains(addresses, inner.get(i)) ? 1 : 0;
    }
    if (named == inner.size() && (outer || embedded.isTranslated(address))) {
      return Match.YES;
    }
    return outer || named > 0 ? Match.UNCLEAR : Match.NO;
  }

  /** Whether this matches now whatever the client of {@code request} asks for. */
  public boolean matchesAllOf(ClientRequest request) {
    boolean anything =
        hosts.isEmpty()
            && addresses.isEmpty()
            && ports.isEmpty()
            && methods.isEmpty()
            && paths.isEmpty();
    return anything && clients.matches(request) && isTime();
  }

  private boolean matchesHost(TargetHost host) {
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).matches(host)) {
        return true;
      }
    }
    return hosts.isEmpty();
  }

  private Match matchesMethod(ClientRequest request) {
    return methods.isEmpty() ? Match.YES : MethodPattern.matches(methods, request.head().method());
  }

  private Match matchesPath(ClientRequest request) {
    Match best = paths.isEmpty() ? Match.YES : Match.NO;
    for (int i = 0; i < paths.size() && best != Match.YES; i++) {
      Match match = paths.get(i).matches(request.pathAndQuery());
      best = match == Match.NO ? best : match;
    }
    return best;
  }

  private boolean isTime() {
    for (int i = 0; i < times.size(); i++) {
      if (times.get(i).holds()) {
        return true;
      }
    }
    return times.isEmpty();
  }

  private static Match weaker(Match one, Match other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** Whether {@code address} is in one of {@code ranges}, or there are none. */
  static boolean contains(List<AddressRange> ranges, InetAddress address) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(address)) {
        return true;
      }
    }
    return ranges.isEmpty();
  }
}
