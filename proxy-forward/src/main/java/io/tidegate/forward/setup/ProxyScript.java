package io.tidegate.forward.setup;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.AddressText;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The script that tells a client where to go, in the oldest form of its language: it calls nothing
 * that a client might do differently, and never asks for an address of a name.
 */
final class ProxyScript {
  private static final String PRIVATE =
      """
        if (host.indexOf(":") >= 0) {
          return /^(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host);
        }
        return host.indexOf(".") < 0
            || /\\.(local|internal|home\\.arpa)$/.test(host)
            || /^(10\\.\\d+|192\\.168|169\\.254|172\\.(1[6-9]|2\\d|3[01]))\\.\\d+\\.\\d+$/.test(host);
      """;

  private static final String PLAIN =
      """
        return host.indexOf(":") < 0 && host.indexOf(".") < 0;
      """;

  private static final String SCRIPT =
      """
      var direct = %s;
      var through = %s;
      var ranges = %s;
      var everything = %s;

      function isListed(host, list) {
        for (var i = 0; i < list.length; i++) {
          var entry = list[i];
          var below = entry.charAt(0) == "*" ? entry.substring(1) : entry;
          if (entry == "*" || host == entry || (entry.charAt(0) == "." && "." + host == entry)
              || (below.charAt(0) == "." && host.length > below.length
                  && host.substring(host.length - below.length) == below)) {
            return true;
          }
        }
        return false;
      }

      function number(address) {
        var octets = address.split(".");
        return ((octets[0] * 256 + +octets[1]) * 256 + +octets[2]) * 256 + +octets[3];
      }

      function isInRange(host) {
        var found = false;
        for (var i = 0; i < ranges.length && /^\\d+(\\.\\d+){3}$/.test(host); i++) {
          var range = ranges[i].split("/");
          var size = Math.pow(2, 32 - range[1]);
          found = found || Math.floor(number(host) / size) == number(range[0]) / size;
        }
        return found;
      }

      function isLoopback(host) {
        return host == "::1" || host == "localhost" || /\\.localhost$/.test(host)
            || /^127\\.\\d+\\.\\d+\\.\\d+$/.test(host);
      }

      function isLocal(host) {
      %s}

      function FindProxyForURL(url, name) {
        var host = name.toLowerCase().replace(/^\\[|\\]$|\\.$/g, "");
        var own = isLoopback(host) || isListed(host, direct);
        var listed = isListed(host, through) || isInRange(host);
        return own || !listed && (!everything || isLocal(host))
            ? "DIRECT"
            : %s;
      }
      """;

  private final String direct;
  private final String through;
  private final String ranges;
  private final boolean everything;
  private final String local;

  /**
   * The script by which clients go through the proxy to {@code through}, private or not, except
   * {@code direct}.
   *
   * @param ranges ranges of IPv4 addresses that count as {@code through}
   * @param everything whether clients go through it to all others too, unless they are private
   * @param toPrivate whether the proxy leads to private addresses
   */
  ProxyScript(
      List<String> direct,
      List<String> through,
      List<AddressRange> ranges,
      boolean everything,
      boolean toPrivate) {
    this.direct = quoted(direct);
    this.through = quoted(through);
    this.ranges = quoted(ranges.stream().map(AddressRange::toString).toList());
    this.everything = everything;
    this.local = toPrivate ? PLAIN : PRIVATE;
  }

  /** Its text for a client that is to use {@code proxies}: {@code PROXY gate.example:3128}. */
  String text(String proxies) {
    return SCRIPT.formatted(direct, through, ranges, everything, local, quoted(proxies));
  }

  private static String quoted(List<String> hosts) {
    return hosts.stream()
        .map(ProxyScript::spelled)
        .distinct()
        .map(ProxyScript::quoted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** As clients have it: names in lower case without a dot at the end, addresses in short. */
  private static String spelled(String host) {
    InetAddress address = Ip.parse(host);
    if (address != null) {
      return AddressText.of(address);
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** A string of the script. What has been checked needs no escape; what has not gets one. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<';
      quoted.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return quoted.append('"').toString();
  }
}
