package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.forward.access.AccessReport;
import io.tidegate.forward.auth.AuthenticationBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rules, users and what has been counted when settings are reloaded. */
class ForwardReloadTest {
  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<ProxyEvent> events = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @TempDir private Path directory;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.push(OriginServer.start().respond(ok("x")));
  }

  private static ForwardProxy.Builder builder(Consumer<ForwardProxy.Builder> details) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .allowPrivateDestinations()
            .anyConnectPort();
    details.accept(builder);
    return builder;
  }

  private ForwardProxy start(Consumer<ForwardProxy.Builder> details) {
    return opened.push(builder(details).eventListener(events::add).start());
  }

  private static void reload(ForwardProxy proxy, Consumer<ForwardProxy.Builder> details) {
    proxy.reload(builder(details).settings());
  }

  private int status(ForwardProxy proxy, String... fields) throws IOException {
    String[] lines = new String[fields.length + 2];
    lines[0] = "GET http://" + origin.authority() + "/ HTTP/1.1";
    lines[1] = "Host: " + origin.authority();
    System.arraycopy(fields, 0, lines, 2, fields.length);
    return RawClient.ask(proxy.address().getPort(), head(lines)).status();
  }

  private static String basic(String name, String password) {
    byte[] octets = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(octets);
  }

  private static Consumer<ForwardProxy.Builder> users(Consumer<AuthenticationBuilder> details) {
    return p -> p.authentication(a -> details.accept(a.delay(Duration.ZERO, Duration.ZERO)));
  }

  @Test
  void rulesAreExchanged() throws Exception {
    ForwardProxy proxy = start(p -> p.allow(to("127.0.0.1")));
    assertEquals(200, status(proxy));
    reload(proxy, p -> p.allow(to("*.example")));
    assertEquals(403, status(proxy));
    assertEquals(List.of("*.example"), proxy.settings().rules().get(0).requests().hosts());
    assertThrows(InvalidSettingsException.class, () -> reload(proxy, users(a -> {})));
    assertEquals(403, status(proxy));
    reload(proxy, p -> {});
    assertEquals(200, status(proxy));
    assertEquals(1, origin.connections());
  }

  @Test
  void aQuotaIsNotGivenAnew() throws Exception {
    Consumer<ForwardProxy.Builder> two = p -> p.quota(q -> q.requests(2, Duration.ofHours(2)));
    ForwardProxy proxy = start(two);
    assertEquals(200, status(proxy));
    reload(proxy, two.andThen(p -> p.denyAddresses("192.0.2.1")));
    assertEquals(200, status(proxy));
    reload(
        proxy,
        p -> p.quota(q -> q.requests(2, Duration.ofHours(2)).octets(1 << 20, Duration.ofHours(2))));
    assertEquals(429, status(proxy));
    reload(proxy, p -> p.quota(q -> q.requests(3, Duration.ofHours(2))));
    assertEquals(200, status(proxy));
  }

  @Test
  void usersComeAndGo() throws Exception {
    ForwardProxy proxy = start(users(a -> a.user("alice", Secret.of("old"))));
    assertEquals(200, status(proxy, basic("alice", "old")));
    reload(proxy, users(a -> a.user("alice", Secret.of("new")).user("bob", Secret.of("b"))));
    assertEquals(407, status(proxy, basic("alice", "old")));
    assertEquals(200, status(proxy, basic("alice", "new")));
    assertEquals(200, status(proxy, basic("bob", "b")));
    reload(proxy, p -> {});
    assertEquals(200, status(proxy));
    reload(proxy, users(a -> a.user("bob", Secret.of("b"))));
    assertEquals(407, status(proxy, basic("alice", "new")));
    assertEquals(200, status(proxy, basic("bob", "b")));
  }

  @Test
  void aSecretIsReadAgain() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "old");
    Consumer<ForwardProxy.Builder> alice =
        users(a -> a.user("alice", Secret.file(secret.toString())));
    ForwardProxy proxy = start(alice);
    assertEquals(200, status(proxy, basic("alice", "old")));
    Files.writeString(secret, "new");
    assertEquals(200, status(proxy, basic("alice", "old")));
    reload(proxy, alice);
    assertEquals(407, status(proxy, basic("alice", "old")));
    assertEquals(200, status(proxy, basic("alice", "new")));
    Files.delete(secret);
    assertThrows(InvalidSettingsException.class, () -> reload(proxy, alice));
    assertEquals(200, status(proxy, basic("alice", "new")));
  }

  @Test
  void whoHasFailedTooOftenStaysLockedOut() throws Exception {
    Consumer<ForwardProxy.Builder> once =
        users(a -> a.user("alice", Secret.of("a")).maxFailures(1, Duration.ofHours(1)));
    ForwardProxy proxy = start(once);
    assertEquals(407, status(proxy, basic("alice", "wrong")));
    reload(proxy, once.andThen(p -> p.allow(to("*"))));
    assertEquals(429, status(proxy, basic("alice", "a")));
  }

  @Test
  void whatRulesWouldRefuseIsRemembered() throws Exception {
    ForwardProxy proxy = start(ForwardProxy.Builder::reportOnly);
    assertEquals(200, status(proxy));
    assertEquals(1, proxy.learnedRules().size());
    reload(proxy, p -> p.reportOnly().rules(proxy.learnedRules()));
    assertEquals(200, status(proxy));
    assertEquals(new AccessReport(1, 1, 0), proxy.accessReport());
    assertEquals(List.of(), proxy.learnedRules());
  }

  @Test
  void aFileThatIsWatchedIsGoneBy() throws Exception {
    Path file = directory.resolve("forward.json");
    Files.writeString(file, builder(p -> p.allow(to("127.0.0.1"))).settings().toJson());
    ForwardProxy proxy = start(p -> p.allow(to("127.0.0.1"))).watch(file);
    assertEquals(200, status(proxy));
    Files.writeString(file, "{\"rules\": 7}");
    ProxyEvent refused = awaitEvent("settings-refused");
    assertEquals("$.rules: a number (expected: a list)", refused.detail());
    assertEquals(200, status(proxy));
    Files.writeString(file, builder(p -> p.allow(to("*.example"))).settings().toJson());
    awaitEvent("settings-reloaded");
    assertEquals(403, status(proxy));
  }

  @Test
  void aSecretThatAWatchedFileNamesIsFollowed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "old");
    Path file = directory.resolve("forward.json");
    Consumer<ForwardProxy.Builder> alice =
        users(a -> a.user("alice", Secret.file(secret.toString())));
    Files.writeString(file, builder(alice).settings().toJson());
    ForwardProxy proxy = start(alice).watch(file);
    assertEquals(200, status(proxy, basic("alice", "old")));
    Files.writeString(secret, "newer");
    awaitEvent("settings-reloaded");
    assertEquals(407, status(proxy, basic("alice", "old")));
    assertEquals(200, status(proxy, basic("alice", "newer")));
  }

  private ProxyEvent awaitEvent(String name) throws InterruptedException {
    while (true) {
      ProxyEvent event = events.poll(30, TimeUnit.SECONDS);
      if (event == null || event.name().equals(name)) {
        assertEquals(name, event == null ? "none" : event.name());
        return Objects.requireNonNull(event);
      }
    }
  }

  @Test
  void whoIsToldOfTheStartHoldsUpNobodyElse() throws Exception {
    AtomicReference<ForwardProxy> starting = new AtomicReference<>();
    CompletableFuture<Void> other = new CompletableFuture<>();
    ForwardProxy proxy =
        builder(p -> {})
            .eventListener(
                event -> {
                  if (event.name().equals("proxy-started")) {
                    other.completeAsync(
                        () -> {
                          reload(starting.get(), p -> p.viaName("other"));
                          return null;
                        });
                    other.orTimeout(20, TimeUnit.SECONDS).handle((done, late) -> late).join();
                  }
                })
            .build();
    opened.push(proxy);
    starting.set(proxy);
    proxy.start();
    other.get(1, TimeUnit.SECONDS);
    assertEquals("other", proxy.viaName());
  }
}
