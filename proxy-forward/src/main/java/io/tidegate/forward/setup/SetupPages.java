package io.tidegate.forward.setup;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.AddressText;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.OwnPages;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the script that tells clients when to use the proxy: as {@code /proxy.pac}, and as {@code
 * /wpad.dat} for those that look for it by themselves. Whoever can reach the proxy gets it, so it
 * tells nothing of the rules unless that is asked for.
 */
public final class SetupPages implements OwnPages {
  private static final Set<String> PATHS = Set.of("/proxy.pac", "/wpad.dat");
  private static final String ANY_HOST = "*";

  private final ProxyScript script;
  private final @Nullable Authority publicAddress;
  private final List<ListenerSettings> listeners;

  /** Whether no listener speaks HTTP without TLS. */
  private final boolean tlsOnly;

  /**
   * The pages for a proxy with these settings, which have been checked.
   *
   * @param rules what it decides by
   * @param allowed ranges that it leads to although they are not public
   * @param toPrivate whether it leads to private addresses
   */
  public SetupPages(
      ClientSetupSettings settings,
      List<AccessRule> rules,
      List<AddressRange> allowed,
      boolean toPrivate,
      List<ListenerSettings> listeners) {
    boolean tells = settings.fromRules();
    this.script =
        new ProxyScript(
            settings.direct(),
            tells ? named(rules) : List.of(),
            tells ? allowed.stream().filter(AddressRange::isIpv4).toList() : List.of(),
            !tells || leadAnywhere(rules),
            toPrivate);
    this.publicAddress = settings.publicAddress().map(Authority::parseOrNull).orElse(null);
    this.listeners = List.copyOf(listeners);
    List<ListenerSettings> http =
        listeners.stream().filter(listener -> listener.speaks(ListenerProtocol.HTTP)).toList();
    this.tlsOnly =
        !http.isEmpty() && http.stream().allMatch(listener -> listener.tls().isPresent());
  }

  /**
   * The hosts that the rules name, those that they deny too: to go there directly would be a way
   * round them.
   */
  private static List<String> named(List<AccessRule> rules) {
    return rules.stream()
        .flatMap(rule -> hosts(rule).stream())
        .filter(host -> !host.equals(ANY_HOST))
        .toList();
  }

  /** Whether they are about any host. */
  private static boolean leadAnywhere(List<AccessRule> rules) {
    return rules.isEmpty()
        || rules.stream()
            .anyMatch(
                rule -> hosts(rule).contains(ANY_HOST) || (rule.allows() && hosts(rule).isEmpty()));
  }

  private static List<String> hosts(AccessRule rule) {
    return rule.requests().hosts();
  }

  @Override
  public @Nullable OwnResponse page(ClientRequest request) {
    if (!(request.target() instanceof RequestTarget.OriginForm target)
        || !PATHS.contains(RequestTarget.path(target.pathAndQuery()))
        || request.head().fields().hasMember(FieldName.UPGRADE, "websocket")) {
      return null; // a WebSocket may be asked for in origin-form, of any server
    }
    if (!request.head().method().equals("GET") && !request.head().isHead()) {
      return OwnResponse.of(405, "Allow", "GET, HEAD", "Cache-Control", "no-store");
    }
    return OwnResponse.of(
            200,
            "Content-Type",
            "application/x-ns-proxy-autoconfig",
            "Cache-Control",
            "max-age=300")
        .content(script.text(proxies(request)));
  }

  private String proxies(ClientRequest request) {
    Authority authority = publicAddress == null ? request.authority() : publicAddress;
    TargetHost host = TargetHost.of(authority);
    String name = host == null ? literal(request.localAddress().getAddress()) : spelled(host);
    int port = host == null ? request.localAddress().getPort() : authority.portOr(request.scheme());
    int socks = socksPort(request, port);
    boolean secure = publicAddress == null ? request.secure() : tlsOnly;
    return "%s %s:%d".formatted(secure ? "HTTPS" : "PROXY", name, port)
        + (socks == 0 ? "" : "; SOCKS5 %s:%d".formatted(name, socks));
  }

  /**
   * Where the client of {@code request} may speak SOCKS, which it does without TLS; 0 for nowhere,
   * or nobody knows.
   */
  private int socksPort(ClientRequest request, int port) {
    int local = request.localAddress().getPort();
    boolean loopback = request.localAddress().getAddress().isLoopbackAddress();
    for (ListenerSettings listener : listeners) {
      if (listener.speaks(ListenerProtocol.SOCKS) && listener.tls().isEmpty()) {
        boolean same = listener.port() == local || listener.port() == 0;
        if (!request.secure() && same && listener.speaks(ListenerProtocol.HTTP)) {
          return port;
        }
        if (listener.port() != 0 && (loopback || !listener.isLoopback())) {
          return listener.port();
        }
      }
    }
    return 0;
  }

  private static String spelled(TargetHost host) {
    return host.address() == null ? host.name() : literal(host.address());
  }

  private static String literal(InetAddress address) {
    String text = AddressText.of(address);
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }
}
