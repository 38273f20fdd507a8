package io.tidegate.core.connect;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the addresses of a name are tried (RFC 8305 §4): families in turn, in the
 * resolver's order.
 */
final class AddressOrder {
  private AddressOrder() {}

  /** {@code addresses} with the families interleaved, starting with the family of the first. */
  static List<InetAddress> interleave(List<InetAddress> addresses) {
    if (addresses.size() < 2) {
      return addresses;
    }
    boolean v6First = addresses.get(0) instanceof Inet6Address;
    List<InetAddress> first = new ArrayList<>();
    List<InetAddress> second = new ArrayList<>();
    for (InetAddress address : addresses) {
      (address instanceof Inet6Address == v6First ? first : second).add(address);
    }
    List<InetAddress> ordered = new ArrayList<>(addresses.size());
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      if (i < first.size()) {
        ordered.add(first.get(i));
      }
      if (i < second.size()) {
        ordered.add(second.get(i));
      }
    }
    return ordered;
  }
}
