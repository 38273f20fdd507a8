package io.tidegate.forward.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.Sample;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    ClientSetupSettings settings =
        new ClientSetupSettings(Optional.ofNullable(publicAddress), List.of(), false);
    SetupPages pages = new SetupPages(settings, List.of(), List.of(), false, List.of());
    String script = text(pages, request(secure, host));
    assertEquals(
        ": \"" + proxies + "\";",
        script.lines().map(String::strip).filter(line -> line.startsWith(": ")).findFirst().get());
  }

  private static String text(SetupPages pages, ClientRequest request) {
    return new String(Objects.requireNonNull(pages.page(request)).content(), US_ASCII);
  }
}
