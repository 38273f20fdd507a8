package io.tidegate.forward.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.tls.TlsSettings;
import io.tidegate.forward.Sample;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script as it is made for a client. */
class SetupPagesTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress(Sample.ip("192.0.2.10"), 9);

  private static ClientRequest request(boolean secure, String host) throws Exception {
    return new ClientRequest(
        new RequestHead("GET", "/proxy.pac", HttpVersion.HTTP_1_1, Fields.of("Host", host)),
        RequestTarget.parse("GET", "/proxy.pac"),
        secure ? "https" : "http",
        Sample.authority(host),
        secure,
        CLIENT,
        Sample.PROXY);
  }

  @ParameterizedTest
  @CsvSource({
    "false, gate.example,      , PROXY gate.example:80",
    "false, gate.example:443,  , PROXY gate.example:443",
    "true,  gate.example,      , HTTPS gate.example:443",
    "true,  gate.example:443,  , HTTPS gate.example:443",
    "true,  gate.example:80,   , HTTPS gate.example:80",
    "true,  gate.example:8443, , HTTPS gate.example:8443",
    "true,  0x7f.1,            , HTTPS 198.41.0.4:3128",
    "true,  gate.example, way.example:3128, PROXY way.example:3128"
  })
  void clientsAreSentBackTheWayTheyHaveCome(
      boolean secure, String host, String publicAddress, String proxies) throws Exception {
    assertEquals(proxies, proxies(publicAddress, List.of(), request(secure, host)));
  }

  private static ListenerSettings listener(int port, boolean tls, ListenerProtocol... protocols) {
    return new ListenerSettings(
        Optional.empty(),
        port,
        List.of(protocols),
        tls ? Optional.of(TlsSettings.DEFAULT) : Optional.empty());
  }

  @Test
  void theAddressThatWasNamedIsReachedOverTlsIfThereIsNoOtherWay() throws Exception {
    ListenerSettings tls = listener(3128, true, ListenerProtocol.HTTP);
    ListenerSettings plain = listener(80, false, ListenerProtocol.HTTP);
    ListenerSettings socks = listener(1080, false, ListenerProtocol.SOCKS);
    ClientRequest request = request(true, "gate.example:3128");
    assertEquals("HTTPS way.example:1", proxies("way.example:1", List.of(tls), request));
    assertEquals("PROXY way.example:1", proxies("way.example:1", List.of(tls, plain), request));
    assertEquals(
        "HTTPS way.example:1; SOCKS5 way.example:1080",
        proxies("way.example:1", List.of(tls, socks), request));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void socksInsideTlsIsNotNamed(boolean secure) throws Exception {
    ListenerSettings both = listener(3128, true, ListenerProtocol.HTTP, ListenerProtocol.SOCKS);
    ClientRequest request = request(secure, "gate.example:3128");
    assertEquals(
        (secure ? "HTTPS" : "PROXY") + " gate.example:3128", proxies(null, List.of(both), request));
  }

  /** The ways through the proxy that its script names. */
  private static String proxies(
      @Nullable String publicAddress, List<ListenerSettings> listeners, ClientRequest request) {
    ClientSetupSettings settings =
        new ClientSetupSettings(Optional.ofNullable(publicAddress), List.of(), false);
    SetupPages pages = new SetupPages(settings, List.of(), List.of(), false, listeners);
    return text(pages, request)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(": "))
        .map(line -> line.substring(3, line.length() - 2))
        .findFirst()
        .get();
  }

  private static String text(SetupPages pages, ClientRequest request) {
    return new String(Objects.requireNonNull(pages.page(request)).content(), US_ASCII);
  }
}
