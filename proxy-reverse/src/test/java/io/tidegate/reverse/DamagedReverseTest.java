package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.json.DamagedJson;
import io.tidegate.core.json.DamagedTrials;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.ProxyThreads;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.TlsFiles;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import java.net.InetAddress;
import java.net.ServerSocket;
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
class DamagedReverseTest {
  private final ProxyThreads threads = new ProxyThreads();
  @TempDir private Path directory;

  @Test
  void whatNamesFilesThatAreNotThereIsRefusedWithPaths() throws Exception {
    String everything =
        EverySetting.everything()
            .settings()
            .toJson()
            .replaceFirst("\"directory\": \"/tmp/tidegate\",\\s*", "");
    DamagedTrials trials = damaged(everything, 11);
    trials.run(
        ReverseProxySettings::fromJson, settings -> ReverseProxy.builder(settings).build().close());
    assertEquals(0, trials.taken());
    threads.assertGone();
  }

  @Test
  void aProxyThatRunsTakesThemOrRefusesThemAndNothingIsLeft() throws Exception {
    ReverseProxySettings good = good().settings();
    try (ReverseProxy proxy = good().start()) {
      DamagedTrials trials = damaged(good.toJson(), 12);
      trials.run(ReverseProxySettings::fromJson, proxy::reload);
      assertTrue(trials.taken() > 5, trials.taken() + " taken");
      assertTrue(trials.refused() > 5, trials.refused() + " refused");
      proxy.reload(good);
      assertEquals(2, proxy.addresses().size());
      int plain = proxy.addresses().get(1).getPort();
      assertEquals(200, RawClient.ask(plain, head("GET /up HTTP/1.1", "Host: a")).status());
    }
    threads.assertGone();
  }

  @Test
  void whatOnlyTheProxyCanTellIsRefusedAndItServesOn() throws Exception {
    TlsFiles files = new TlsFiles(directory);
    Path garbage = Files.writeString(directory.resolve("garbage"), "k");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ReverseProxy proxy = good().start()) {
      Map<String, Consumer<ReverseProxy.Builder>> faults = new LinkedHashMap<>();
      faults.put(
          "cannot listen on 127.0.0.1:", p -> p.alsoListen("127.0.0.1", taken.getLocalPort()));
      faults.put(
          "proxy.listeners[0].tls.certificates[1].key: " + directory + "/b-ec.key: ",
          p -> p.tls(tls -> tls.certificate(files.file("b-rsa.pem"), files.file("b-ec.key"))));
      faults.put(
          "proxy.listeners[0].tls.certificates[1]: " + garbage + ": ",
          p -> p.tls(tls -> tls.certificate(garbage, garbage)));
      faults.put(
          "proxy.listeners[0].tls.certificates[1].password: file /nowhere/password ",
          p ->
              p.tls(
                  tls ->
                      tls.certificate(
                          files.file("b-rsa.pem"),
                          files.file("encrypted.key"),
                          Secret.file("/nowhere/password"))));
      faults.put(
          "proxy.upstream.tls.trusted[1]: /nowhere/ca.pem: ",
          p -> p.upstreamTls(tls -> tls.trusted(Path.of("/nowhere/ca.pem"))));
      faults.put(
          "proxy.accessLogs[2].file: /nowhere/log ",
          p -> p.accessLog(log -> log.file(Path.of("/nowhere/log"))));
      faults.put("proxy.spool.directory: ", p -> p.bufferDirectory(garbage));
      faults.put(
          "clusters[1].balance.affinity.key: ",
          p ->
              p.cluster(
                  "late",
                  c ->
                      c.endpoint("http://127.0.0.1:3")
                          .balance(
                              b ->
                                  b.affinity(
                                      "late", a -> a.key(Secret.file(garbage.toString()))))));
      for (Map.Entry<String, Consumer<ReverseProxy.Builder>> fault : faults.entrySet()) {
        ReverseProxy.Builder wrong = good().viaName("wrong");
        fault.getValue().accept(wrong);
        Exception refused =
            assertThrows(Exception.class, () -> proxy.reload(wrong.settings()), fault.getKey());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(fault.getKey()), message);
        assertEquals("gate", proxy.viaName());
        assertEquals(2, proxy.addresses().size());
      }
      int plain = proxy.addresses().get(1).getPort();
      assertEquals(200, RawClient.ask(plain, head("GET /up HTTP/1.1", "Host: a")).status());
    }
    threads.assertGone();
  }

  private DamagedTrials damaged(String json, long seed) {
    return new DamagedTrials(new DamagedJson(json, seed), directory.resolve("settings.json"));
  }

  private ReverseProxy.Builder good() throws Exception {
    TlsFiles files = new TlsFiles(directory);
    Secret secret =
        Secret.file(Files.writeString(directory.resolve("password"), "secret").toString());
    Secret key =
        Secret.file(Files.writeString(directory.resolve("key"), "k".repeat(64)).toString());
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .tls(
            tls ->
                tls.certificate(files.file("b-rsa.pem"), files.file("encrypted.key"), secret)
                    .clientCertificates(Demand.REQUESTED, files.file("ca.pem"))
                    .revocationLists(files.file("ca.crl")))
        .alsoListen("127.0.0.1", 0)
        .viaName("gate")
        .upstreamTls(
            tls ->
                tls.trusted(files.file("ca.pem"))
                    .certificate(files.file("client.pem"), files.file("client.key")))
        .cache(cache -> cache.maxBytes(1 << 20).keyCookies("team"))
        .accessLog(log -> log.file(directory.resolve("access.log")).json("time", "status"))
        .accessLog(log -> log.logger("access").pattern("{client}"))
        .cluster(
            "app",
            cluster ->
                cluster
                    .endpoint("http://127.0.0.1:1")
                    .endpoint("https://127.0.0.1:2", endpoint -> endpoint.weight(3).backup())
                    .balance(b -> b.affinity("node", affinity -> affinity.key(key)))
                    .health(h -> h.check("/health", check -> check.interval(Duration.ofHours(1)))))
        .route(path("/up"), route -> route.respond(200, "up"))
        .route(
            path("/a/{x}/**"),
            route ->
                route
                    .to("app")
                    .rewritePath("/b/{x}/**")
                    .protect(p -> p.rateLimit("a", 7, Duration.ofSeconds(8), limit -> {})))
        .route(
            host("s.example").pathRegex("/a/[0-9]+"),
            route -> route.split("app", 9).splitByCookie("c"));
  }
}
