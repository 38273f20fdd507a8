package io.tidegate.core.header;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is from: the address of the connection, or, behind trusted proxies, the one that
 * they tell in X-Forwarded-For or in {@code for} of Forwarded (RFC 7239 §5.2).
 *
 * <p>These fields are read from the right, where the proxies next to us wrote, for as long as what
 * stands there is trusted itself: what is further left may be anybody's invention. So the client is
 * the last address that is not trusted, or the first one if all are.
 */
public final class ClientAddress {
  private ClientAddress() {}

  /**
   * The address of the client, or null if nobody knows it: the connection has none, or a trusted
   * proxy tells {@code unknown}, an obfuscated name (RFC 7239 §6) or what is malformed. Fields of a
   * family that the mode of {@code forwarded} leaves out are not believed. Where both count and
   * tell different addresses, one may be a stranger's that the trusted proxy has let pass: then
   * nobody knows.
   *
   * @param received the fields of the request
   * @param peer the client's end of the connection, or null if it has no address
   */
  public static @Nullable InetAddress of(
      ForwardedFields forwarded, Fields received, @Nullable InetAddress peer) {
    if (!forwarded.trusts(peer)) {
      return peer;
    }
    ForwardedMode mode = forwarded.mode();
    boolean x = mode.xForwarded() && received.contains(FieldName.X_FORWARDED_FOR);
    boolean standard = mode.standard() && received.contains(FieldName.FORWARDED);
    InetAddress inX = x ? inXForwardedFor(forwarded, received, peer) : peer;
    InetAddress inStandard = standard ? inForwarded(forwarded, received, peer) : inX;
    return !x || Objects.equals(inX, inStandard) ? inStandard : null;
  }

  /** Quotes mean nothing there: one that a client sent must not hide what follows. */
  private static @Nullable InetAddress inXForwardedFor(
      ForwardedFields forwarded, Fields received, @Nullable InetAddress peer) {
    return last(
        forwarded, received.tokens(FieldName.X_FORWARDED_FOR), peer, ClientAddress::address);
  }

  private static @Nullable InetAddress inForwarded(
      ForwardedFields forwarded, Fields received, @Nullable InetAddress peer) {
    return last(forwarded, received.members(FieldName.FORWARDED), peer, ClientAddress::ofElement);
  }

  private static @Nullable InetAddress last(
      ForwardedFields forwarded,
      List<String> hops,
      @Nullable InetAddress peer,
      Function<String, @Nullable InetAddress> address) {
    InetAddress client = peer;
    for (int i = hops.size() - 1; i >= 0 && forwarded.trusts(client); i--) {
      client = address.apply(hops.get(i));
    }
    return client;
  }

  /** The address in {@code for} of a forwarded-element; null if that is missing or malformed. */
  private static @Nullable InetAddress ofElement(String element) {
    InetAddress found = null;
    int at = 0;
    while (at < element.length()) {
      int end = parameterEnd(element, at);
      if (end < 0) {
        return null; // a quote without end: this may hold elements that others wrote
      }
      String parameter = element.substring(at, end).strip();
      if (parameter.regionMatches(true, 0, "for=", 0, 4)) {
        found = address(unquoted(parameter.substring(4)));
      }
      at = end + 1;
    }
    return found;
  }

  /**
   * Where the parameter that starts at {@code from} ends, or -1 if it is in the midst of a quote.
   */
  private static int parameterEnd(String element, int from) {
    boolean quoted = false;
    for (int i = from; i < element.length(); i++) {
      char c = element.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return quoted ? -1 : element.length();
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** The address of a node, {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}, the port optional. */
  private static @Nullable InetAddress address(String node) {
    int colon = node.indexOf(':');
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      boolean whole = end == node.length() - 1 || (end > 0 && node.charAt(end + 1) == ':');
      return whole ? Ip.parse(node.substring(0, end + 1)) : null;
    }
    boolean port = colon >= 0 && colon == node.lastIndexOf(':');
    return Ip.parse(port ? node.substring(0, colon) : node);
  }
}
