package io.tidegate.forward.setup;

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
  private static final String PLAIN_OR_LOOPBACK =
      """
        if (host.indexOf(":") >= 0) {
          return host == "::1"%s;
        }
        return host.indexOf(".") < 0
            || /\\.localhost$/.test(host)
            || /^127\\.\\d+\\.\\d+\\.\\d+$/.test(host)%s;
      """;

  private static final String PRIVATE_IPV6 =
      " || /^(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host)";
  private static final String PRIVATE =
      """

            || /\\.(local|internal|home\\.arpa)$/.test(host)
            || /^(10\\.\\d+|192\\.168|169\\.254|172\\.(1[6-9]|2\\d|3[01]))\\.\\d+\\.\\d+$/.test(host)\
      """;

  private static final String SCRIPT =
      """
      var direct = %s;
      var through = %s;

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

      function isLocal(host) {
      %s}

      function FindProxyForURL(url, name) {
        var host = name.toLowerCase().replace(/^\\[|\\]$|\\.$/g, "");
        return isLocal(host) || isListed(host, direct) || !isListed(host, through)
            ? "DIRECT"
            : %s;
      }
      """;

  private final String direct;
  private final String through;
  private final String local;

  /**
   * The script by which clients go through the proxy to {@code through} except {@code direct}.
   *
   * @param toPrivate whether the proxy leads to private addresses
   */
  ProxyScript(List<String> direct, List<String> through, boolean toPrivate) {
    this.direct = quoted(direct);
    this.through = quoted(through);
    this.local =
        PLAIN_OR_LOOPBACK.formatted(toPrivate ? "" : PRIVATE_IPV6, toPrivate ? "" : PRIVATE);
  }

  /** Its text for a client that is to use {@code proxies}: {@code PROXY gate.example:3128}. */
  String text(String proxies) {
    return SCRIPT.formatted(direct, through, local, quoted(proxies));
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
