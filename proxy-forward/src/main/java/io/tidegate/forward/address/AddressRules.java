package io.tidegate.forward.address;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be dialled. Asked about the very address a connection goes to, so it does not
 * matter which name led there, nor what that name resolves to a moment later.
 *
 * <p>A denied range counts most; then an allowed one, then the {@linkplain AddressClass class}.
 * Nothing makes an address that is not unicast a destination.
 */
public final class AddressRules {
  private static final Failure DENIED =
      Failure.of(ProxyError.DESTINATION_IP_PROHIBITED, "the address of the destination is denied");
  private static final Map<AddressClass, Failure> PROHIBITED = prohibited();
  private static final List<InetAddress> LOOPBACK = List.of(literal("127.0.0.1"), literal("::1"));
  private static final List<InetAddress> METADATA =
      List.of(
          literal("169.254.169.254"),
          literal("100.100.100.200"),
          literal("fd00:ec2::254"),
          literal("fd20:ce::254"));

  private final boolean allowPrivate;
  private final List<AddressRange> allowed;
  private final List<AddressRange> denied;
  private final EmbeddedIpv4 embedded;

  /**
   * @param allowPrivate whether every unicast address may be dialled
   * @param allowed ranges that may be dialled whatever their class
   * @param denied ranges that may not
   * @param nat64 what translators of the network show IPv4 addresses under
   */
  public AddressRules(
      boolean allowPrivate,
      List<AddressRange> allowed,
      List<AddressRange> denied,
      List<Nat64Prefix> nat64) {
    this.allowPrivate = allowPrivate;
    this.allowed = List.copyOf(allowed);
    this.denied = List.copyOf(denied);
    this.embedded = new EmbeddedIpv4(nat64);
  }

  /** How they tell which IPv4 addresses another one leads to. */
  public EmbeddedIpv4 embedded() {
    return embedded;
  }

  /** Why {@code address} must not be dialled, or null if it may be. */
  public @Nullable Failure refuses(InetAddress address) {
    AddressClass kind = AddressClass.of(address, embedded);
    if (!kind.unicast()) {
      return PROHIBITED.get(kind);
    }
    if (!denied.isEmpty() && isDenied(address)) {
      return DENIED;
    }
    return kind == AddressClass.PUBLIC || allowPrivate || isAllowed(address)
        ? null
        : PROHIBITED.get(kind);
  }

  /**
   * Why the names that every system resolves to itself (RFC 6761 §6.3) must not be dialled, or null
   * if they may be.
   */
  public @Nullable Failure refusesLocalhost() {
    return refusesNamed(LOOPBACK, AddressClass.LOOPBACK);
  }

  /** The same about the names under which clouds tell their machines credentials. */
  public @Nullable Failure refusesMetadata() {
    return refusesNamed(METADATA, AddressClass.METADATA);
  }

  private @Nullable Failure refusesNamed(List<InetAddress> usual, AddressClass kind) {
    return allowPrivate || usual.stream().anyMatch(address -> contains(allowed, address))
        ? null
        : PROHIBITED.get(kind);
  }

  private boolean isDenied(InetAddress address) {
    return contains(denied, address)
        || embedded.in(address).stream().anyMatch(inner -> contains(denied, inner));
  }

  private boolean isAllowed(InetAddress address) {
    if (allowed.isEmpty()) {
      return false;
    }
    return contains(allowed, address) || isAllowedWrapper(address);
  }

  /**
   * Whether all that keeps {@code address} from being public is what it embeds, and that is
   * allowed.
   */
  private boolean isAllowedWrapper(InetAddress address) {
    return AddressClass.ofWrapper(address, embedded) == AddressClass.PUBLIC
        && embedded.in(address).stream()
            .allMatch(inner -> isPublic(inner) || contains(allowed, inner));
  }

  private static boolean isPublic(InetAddress address) {
    return AddressClass.of(address) == AddressClass.PUBLIC;
  }

  private static boolean contains(List<AddressRange> ranges, InetAddress address) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static Map<AddressClass, Failure> prohibited() {
    Map<AddressClass, Failure> failures = new EnumMap<>(AddressClass.class);
    for (AddressClass kind : AddressClass.values()) {
      failures.put(
          kind,
          Failure.of(
              ProxyError.DESTINATION_IP_PROHIBITED,
              "the address of the destination is " + kind.label()));
    }
    return failures;
  }

  private static InetAddress literal(String text) {
    return Objects.requireNonNull(Ip.parse(text), text);
  }
}
