package io.tidegate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.ProxySettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.spi.Authenticator;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS clients of a proxy that wants to know who they are (RFC 1929). */
class SocksAuthenticationTest {
  private static final String GRANTED = "05000001000000000000";
  private static final String ANN = "Basic YW5uOnNlY3JldA==";
  private static final Failure UNKNOWN =
      Failure.denied("nobody we know").withStatus(407).with("Proxy-Authenticate", "Basic");

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ExchangeListener.Outcome> outcomes = new LinkedBlockingQueue<>();
  private final List<ClientRequest> asked = Collections.synchronizedList(new ArrayList<>());
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  /** A forward proxy whose clients this one knows. */
  private static final class Builder extends ProxyBuilder<Builder> {
    private final Authenticator authenticator;

    Builder(Authenticator authenticator) {
      this.authenticator = authenticator;
      listen("127.0.0.1", 0).ioThreads(1).speak(ListenerProtocol.SOCKS);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected Plugins plugins(
        ProxySettings settings,
        UpstreamTlsSources tls,
        List<ExchangeListener> listeners,
        Checks checks) {
      ForwardProxySettings forward =
          ForwardProxy.builder().allowPrivateDestinations().anyConnectPort().settings();
      return new Assembly(forward, List.of(), tls, kept(), checks)
          .plugins(listeners)
          .with(authenticator);
    }

    @Override
    protected Optional<String> defaultHost() {
      return Optional.empty();
    }

    @Override
    protected CacheSettings defaultCache() {
      return CacheSettings.FORWARD;
    }
  }

  private RawClient client(Builder builder) throws IOException {
    Proxy proxy =
        builder
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                })
            .start();
    opened.push(proxy);
    return opened.push(RawClient.connect(proxy.address().getPort()));
  }

  private RawClient client(Authenticator authenticator) throws IOException {
    return client(new Builder(authenticator));
  }

  /** Knows ann by her password, and tells it from another thread. */
  private void annOnly(ClientRequest request, Completion<Identity> completion) {
    asked.add(request);
    boolean known = ANN.equals(request.head().fields().first(FieldName.PROXY_AUTHORIZATION));
    CompletableFuture.runAsync(
        () -> {
          if (known) {
            completion.completed(Identity.of("ann"));
          } else {
            completion.failed(UNKNOWN);
          }
        });
  }

  private ExchangeListener.Outcome outcome() throws InterruptedException {
    return outcomes.poll(10, TimeUnit.SECONDS);
  }

  private static void send(RawClient client, String hex) throws IOException {
    client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static void assertReceives(String hex, RawClient client) throws IOException {
    assertEquals(hex, HexFormat.of().formatHex(client.readBytes(hex.length() / 2)));
  }

  private static void assertEndsWith(String hex, RawClient client) throws IOException {
    assertEquals(hex, HexFormat.of().formatHex(client.readUntilClose()));
  }

  private String request() {
    return "05 01 00 01 7f000001 %04x".formatted(origin.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"05 01 02", "05 02 00 02", "05 03 01 02 00"})
  void aUserWithTheRightPasswordMayPass(String greeting) throws Exception {
    RawClient client = client(this::annOnly);
    send(client, greeting);
    assertReceives("0502", client);
    send(client, "01 03 616e6e 06 736563726574");
    assertReceives("0100", client);
    send(client, request());
    assertReceives(GRANTED, client);
  }

  @Test
  void aUserIsAskedForOnceAndKnownToTheEnd() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "05 01 02 01 03 616e6e 06 736563726574" + request()); // without waiting for words
    assertReceives("0502" + "0100" + GRANTED, client);
    client.close();
    assertEquals("ann", outcome().request().user());
    assertEquals(1, asked.size());
  }

  @Test
  void aWrongPasswordEndsTheConnection() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "05 01 02 01 03 616e6e 05 77726f6e67");
    assertEndsWith("0502" + "0101", client);
    ExchangeListener.Outcome outcome = outcome();
    assertEquals(407, outcome.status());
    assertNull(outcome.request());
    assertEquals(0, origin.connections());
  }

  @Test
  void aUserNameThatCouldBeReadInTwoWaysIsNobodys() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "05 01 02 01 03 613a62 01 63");
    assertEndsWith("0502" + "0101", client);
    assertEquals(0, asked.size());
  }

  @Test
  void aClientThatOffersNoPasswordIsRefusedWhatItAsksFor() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "05 01 00" + request());
    assertEndsWith("0500" + "05020001000000000000", client);
    ExchangeListener.Outcome outcome = outcome();
    assertEquals(407, outcome.status());
    assertEquals("CONNECT " + origin.authority(), outcome.request().head().toString());
    assertEquals(0, origin.connections());
  }

  @Test
  void aClientThatNeedNotSayWhoItIsPassesWithoutAPassword() throws Exception {
    RawClient client = client((request, completion) -> completion.completed(Identity.ANONYMOUS));
    send(client, "05 01 00");
    assertReceives("0500", client);
    send(client, request());
    assertReceives(GRANTED, client);
  }

  @Test
  void theUserOfVersion4ProvesNothing() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "04 01 %04x 7f000001 616e6e 00".formatted(origin.port()));
    assertEndsWith("005b000000000000", client);
    assertEquals(407, outcome().status());
    assertEquals(0, origin.connections());
  }

  @Test
  void whatIsAskedAboutTheClientNamesNoServer() throws Exception {
    RawClient client = client(this::annOnly);
    send(client, "05 01 02 01 03 616e6e 06 736563726574");
    assertReceives("0502" + "0100", client);
    ClientRequest question = asked.get(0);
    assertEquals("OPTIONS *", question.head().toString());
    assertEquals("", question.authority().host());
    assertEquals("127.0.0.1", question.clientAddress().getAddress().getHostAddress());
  }

  @Test
  void anAnswerThatNeverComesIsNotWaitedForForEver() throws Exception {
    Builder silent = new Builder((request, completion) -> {});
    RawClient client = client(silent.headTimeout(Duration.ofMillis(300)));
    send(client, "05 01 02 01 03 616e6e 06 736563726574");
    assertEndsWith("0502" + "0101", client);
    assertEquals(500, outcome().status());
  }

  @Test
  void anAuthenticatorThatFailsLetsNobodyPass() throws Exception {
    RawClient client =
        client(
            (request, completion) -> {
              throw new IllegalStateException("broken");
            });
    send(client, "05 01 02 01 03 616e6e 06 736563726574");
    assertEndsWith("0502" + "0101", client);
    assertEquals(500, outcome().status());
  }

  @Test
  void aSecondAnswerChangesNothing() throws Exception {
    RawClient client =
        client(
            (request, completion) -> {
              completion.failed(UNKNOWN);
              completion.completed(Identity.of("ann"));
            });
    send(client, "05 01 02 01 03 616e6e 06 736563726574" + request());
    assertEndsWith("0502" + "0101", client);
    assertEquals(0, origin.connections());
  }
}
