package io.tidegate.forward.access;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link RequestPattern}, parsed. */
public final class RequestMatcher {
  /** Whether a pattern matches. */
  public enum Match {
    NO,
    /** That depends on the address, which is not known yet. */
    MAYBE,
    YES
  }

  private final List<HostPattern> hosts;
  private final List<AddressRange> addresses;
  private final List<PortRange> ports;
  private final List<AddressRange> clients;

  /** A matcher for {@code pattern}, which has been checked. */
  public RequestMatcher(RequestPattern pattern) {
    this.hosts =
        pattern.hosts().stream()
            .map(host -> Objects.requireNonNull(HostPattern.parse(host)))
            .toList();
    this.addresses = pattern.addresses().stream().map(AddressRange::parse).toList();
    this.ports = pattern.ports();
    this.clients = pattern.clients().stream().map(AddressRange::parse).toList();
  }

  /**
   * Whether this matches a request for {@code host} that goes to {@code address}, null as long as
   * that is unknown.
   */
  public Match matches(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    InetAddress client = request.clientAddress().getAddress();
    if (!matchesPort(request.port()) || !matchesHost(host) || !matches(clients, client)) {
      return Match.NO;
    }
    if (address == null) {
      return addresses.isEmpty() ? Match.YES : Match.MAYBE;
    }
    return matches(addresses, address) ? Match.YES : Match.NO;
  }

  private boolean matchesPort(int port) {
    return ports.isEmpty() || PortRange.contains(ports, port);
  }

  private boolean matchesHost(TargetHost host) {
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).matches(host)) {
        return true;
      }
    }
    return hosts.isEmpty();
  }

  private static boolean matches(List<AddressRange> ranges, InetAddress address) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(address)) {
        return true;
      }
    }
    return ranges.isEmpty();
  }
}
