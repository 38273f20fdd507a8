package io.tidegate.core.log;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Leaves out what is not to be written down. */
final class Masking {
  /** What stands in place of a value. */
  static final String REDACTED = "redacted";

  private static final List<FieldName> CREDENTIALS =
      List.of(
          FieldName.AUTHORIZATION,
          FieldName.PROXY_AUTHORIZATION,
          FieldName.COOKIE,
          FieldName.SET_COOKIE);

  private static final Set<FieldName> WITH_URIS =
      Set.of(FieldName.of("Referer"), FieldName.LOCATION, FieldName.CONTENT_LOCATION);

  private final MaskingSettings settings;
  private final Set<FieldName> redacted;
  private final Set<String> parameters;

  Masking(MaskingSettings settings) {
    this.settings = settings;
    Stream<FieldName> named = settings.redactedFields().stream().map(FieldName::of);
    this.redacted =
        Stream.concat(named, settings.showCredentials() ? Stream.of() : CREDENTIALS.stream())
            .collect(Collectors.toUnmodifiableSet());
    this.parameters = Set.copyOf(settings.redactedParameters());
  }

  /** Whether nobody is to see the values of {@code field}. */
  boolean hides(FieldName field) {
    return redacted.contains(field);
  }

  /** Whether the values of {@code field} are URIs. */
  static boolean isUri(FieldName field) {
    return WITH_URIS.contains(field);
  }

  /** Whether anything is left out of URIs. */
  boolean shortensUris() {
    return settings.withoutQuery() || !parameters.isEmpty();
  }

  /** A URI or request target without what is left out. */
  String uri(String uri) {
    int query = shortensUris() ? uri.indexOf('?') : -1;
    if (query < 0) {
      return uri;
    }
    return settings.withoutQuery()
        ? uri.substring(0, query)
        : uri.substring(0, query + 1) + query(uri.substring(query + 1));
  }

  /** Parameters are told apart by ampersands or semicolons: an upstream may do either. */
  private String query(String query) {
    StringBuilder shown = new StringBuilder(query.length());
    int at = 0;
    while (at <= query.length()) {
      int end = at;
      while (end < query.length() && query.charAt(end) != '&' && query.charAt(end) != ';') {
        end++;
      }
      parameter(query.substring(at, end), shown);
      if (end < query.length()) {
        shown.append(query.charAt(end));
      }
      at = end + 1;
    }
    return shown.toString();
  }

  private void parameter(String parameter, StringBuilder shown) {
    int equals = parameter.indexOf('=');
    if (equals >= 0 && parameters.contains(decoded(parameter.substring(0, equals)))) {
      shown.append(parameter, 0, equals + 1).append(REDACTED);
    } else {
      shown.append(parameter);
    }
  }

  /** A name is the same however it is encoded. */
  private static String decoded(String name) {
    StringBuilder text = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      int high = c == '%' && i + 2 < name.length() ? Ascii.hex(name.charAt(i + 1)) : -1;
      int low = high >= 0 ? Ascii.hex(name.charAt(i + 2)) : -1;
      if (low >= 0) {
        text.append((char) (high << 4 | low));
        i += 2;
      } else {
        text.append(c == '+' ? ' ' : c);
      }
    }
    return text.toString();
  }

  /** Writes as much of a client's address as is told. */
  void address(InetAddress address, Line line) {
    byte[] octets = address.getAddress();
    int bits = octets.length == 4 ? settings.ipv4Bits() : settings.ipv6Bits();
    for (int i = 0; i < octets.length; i++) {
      int kept = Math.max(0, Math.min(8, bits - 8 * i));
      octets[i] &= (byte) (0xff00 >> kept);
    }
    IpText.write(octets, line);
  }
}
