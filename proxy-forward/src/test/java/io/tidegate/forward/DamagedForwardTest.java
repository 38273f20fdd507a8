package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.json.DamagedJson;
import io.tidegate.core.json.DamagedTrials;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.ProxyThreads;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of settings that somebody has spoilt, and what becomes of them then. */
@Timeout(120)
class DamagedForwardTest {
  private final ProxyThreads threads = new ProxyThreads();
  @TempDir private Path directory;

  @Test
  void whatNamesFilesThatAreNotThereIsRefusedWithPaths() throws Exception {
    String everything =
        ForwardProxyTest.everything()
            .settings()
            .toJson()
            .replaceFirst("\"directory\": \"/tmp/tidegate\",\\s*", "");
    DamagedTrials trials = damaged(everything, 13);
    trials.run(
        ForwardProxySettings::fromJson, settings -> ForwardProxy.builder(settings).build().close());
    assertEquals(0, trials.taken());
    threads.assertGone();
  }

  @Test
  void aProxyThatRunsTakesThemOrRefusesThemAndNothingIsLeft() throws Exception {
    ForwardProxySettings good = good().settings();
    try (ForwardProxy proxy = good().start()) {
      DamagedTrials trials = damaged(good.toJson(), 14);
      trials.run(ForwardProxySettings::fromJson, proxy::reload);
      assertTrue(trials.taken() > 5, trials.taken() + " taken");
      assertTrue(trials.refused() > 5, trials.refused() + " refused");
      proxy.reload(good);
      assertEquals(2, proxy.addresses().size());
      assertAsksWhoItIs(proxy);
    }
    threads.assertGone();
  }

  @Test
  void whatOnlyTheProxyCanTellIsRefusedAndItServesOn() throws Exception {
    String wrongUsers = file("wrong-users", "alice:plain\n").toString();
    String blank = file("blank", "\n").toString();
    Map<String, Consumer<ForwardProxy.Builder>> faults = new LinkedHashMap<>();
    faults.put(
        "authentication.passwordFile: /nowhere/users: ",
        p -> p.authentication(a -> a.passwordFile("/nowhere/users")));
    faults.put(
        "authentication.passwordFile: " + wrongUsers + ": line 1: ",
        p -> p.authentication(a -> a.passwordFile(wrongUsers)));
    faults.put(
        "authentication.users.bob: file /nowhere/secret ",
        p -> p.authentication(a -> a.user("bob", Secret.file("/nowhere/secret"))));
    faults.put(
        "egress.rules[1].credentials[0].secret: ",
        p ->
            p.egress(
                e -> e.sending(to("b"), s -> s.https().credential("X-Key", Secret.file(blank)))));
    faults.put(
        "egress.rules[1].sourceAddresses[0]: 192.0.2.1 ",
        p -> p.egress(e -> e.sending(to("b"), s -> s.sourceAddress("192.0.2.1"))));
    faults.put(
        "egress.parents[1].password: file /nowhere/secret ",
        p ->
            p.egress(
                e ->
                    e.parent(
                        "late",
                        late ->
                            late.proxy("http://127.0.0.1:3")
                                .credentials("us", Secret.file("/nowhere/secret")))));
    try (ForwardProxy proxy = good().start()) {
      for (Map.Entry<String, Consumer<ForwardProxy.Builder>> fault : faults.entrySet()) {
        ForwardProxy.Builder wrong = good().viaName("wrong");
        fault.getValue().accept(wrong);
        InvalidSettingsException refused =
            assertThrows(
                InvalidSettingsException.class,
                () -> proxy.reload(wrong.settings()),
                fault.getKey());
        assertEquals(1, refused.problems().size(), refused.getMessage());
        String problem = refused.problems().get(0);
        assertTrue(problem.startsWith(fault.getKey()), problem);
        assertEquals("gate", proxy.viaName());
      }
      assertAsksWhoItIs(proxy);
    }
    threads.assertGone();
  }

  private static void assertAsksWhoItIs(ForwardProxy proxy) throws IOException {
    String get = head("GET http://a.example.com/ HTTP/1.1", "Host: a.example.com");
    assertEquals(407, RawClient.ask(proxy.addresses().get(0).getPort(), get).status());
  }

  private DamagedTrials damaged(String json, long seed) {
    return new DamagedTrials(new DamagedJson(json, seed), directory.resolve("settings.json"));
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(directory.resolve(name), content);
  }

  private ForwardProxy.Builder good() throws Exception {
    TlsFiles files = new TlsFiles(directory);
    Secret secret = Secret.file(file("password", "secret").toString());
    String groups = file("groups", "staff: alice\n").toString();
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .alsoListen(
            "127.0.0.1",
            0,
            listener ->
                listener.tls(
                    tls ->
                        tls.certificate(
                            files.file("b-rsa.pem"), files.file("encrypted.key"), secret)))
        .viaName("gate")
        .cache(cache -> cache.maxBytes(1 << 20))
        .accessLog(log -> log.file(directory.resolve("access.log")).json("time", "status"))
        .allow(to("*.example.com").ports(80, 443))
        .deny(fromClient("10.9.0.0/16").toAddress("203.0.113.0/24"))
        .allowAddresses("10.1.0.0/16")
        .authentication(
            a ->
                a.realm("egress")
                    .user("alice", secret)
                    .groupFile(groups)
                    .maxFailures(7, Duration.ofHours(1)))
        .egress(
            e ->
                e.parent(
                        "corp",
                        p ->
                            p.proxy("http://127.0.0.1:1")
                                .proxy("socks5://127.0.0.1:2")
                                .credentials("us", secret)
                                .forRequests(to("*.corp"))
                                .checkEvery(Duration.ofHours(1)))
                    .sending(
                        to("api.example.com"),
                        s ->
                            s.sourceAddress("127.0.0.1")
                                .https(8443)
                                .tls(tls -> tls.trusted(files.file("ca.pem")))
                                .credential("Authorization", secret, "Bearer ")))
        .quota(q -> q.perUser().requests(1000, Duration.ofMinutes(1)).maxTunnels(10))
        .bandwidth(b -> b.perUser(100_000, 200_000).burst(Duration.ofSeconds(1)))
        .requestField("X-Team", "a");
  }
}
