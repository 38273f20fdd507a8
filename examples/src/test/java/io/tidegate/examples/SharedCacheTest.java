package io.tidegate.examples;

import static io.tidegate.reverse.Routes.host;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which proxies may share a cache. */
class SharedCacheTest {
  private final HttpCache cache = HttpCache.inMemory(1 << 20);

  @AfterEach
  void close() {
    cache.close();
  }

  private ForwardProxy.Builder forward() {
    return ForwardProxy.builder().listen(0).cache(cache);
  }

  private ReverseProxy.Builder reverse(String... hosts) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("app", cluster -> cluster.endpoint("http://127.0.0.1:9"))
            .cache(cache);
    for (String host : hosts) {
      builder.route(host(host), route -> route.to("app"));
    }
    return builder;
  }

  /** Builds a proxy and closes it: what it has stored may stay. */
  private static void build(ProxyBuilder<?> builder) {
    builder.build().close();
  }

  private static List<String> problems(ProxyBuilder<?> builder) {
    return assertThrows(InvalidSettingsException.class, builder::build).problems();
  }

  @Test
  void aForwardProxyIsRefusedWhereAReverseProxyTakesAnyHost() {
    build(reverse("shop.example", "*"));
    List<String> problems = problems(forward().headTimeout(Duration.ZERO).httpPorts(0));
    assertEquals(3, problems.size(), problems::toString);
    assertEquals(
        "proxy.cache: shared by a forward proxy and a proxy with a route for any host"
            + " (expected: routes that name their hosts, or a cache for each)",
        problems.get(2));
    build(reverse("*"));
  }

  @Test
  void aReverseProxyThatTakesAnyHostIsRefusedWhereAForwardProxyIs() {
    build(forward());
    List<String> problems =
        problems(reverse("shop.example", "*").headTimeout(Duration.ZERO).requestField("a b", ""));
    assertEquals(3, problems.size(), problems::toString);
    assertTrue(problems.get(2).startsWith("proxy.cache: "), problems::toString);
    assertEquals(1, problems(reverse().route("/a/**", "app")).size());
    build(forward());
  }

  @Test
  void proxiesThatNameTheirHostsShareWithAForwardProxy() {
    build(reverse("shop.example", "*.shop.example"));
    build(forward());
    build(reverse("127.0.0.1"));
  }
}
