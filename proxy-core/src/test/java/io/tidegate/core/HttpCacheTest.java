package io.tidegate.core;

import static io.tidegate.core.cache.TagField.Separator.COMMA;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache.Invalidation;
import io.tidegate.core.cache.Answer;
import io.tidegate.core.cache.CacheControl;
import io.tidegate.core.cache.CacheRules;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.KeyPolicy;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.exchange.PurgeAccess;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Plugins;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A cache in the hands of the application. */
class HttpCacheTest {
  private final HttpCache cache = HttpCache.inMemory(1 << 20);
  private final ResponseCache attached =
      cache.attached(
          new CacheBuilder(CacheSettings.REVERSE).tagField("Tag", COMMA).settings(),
          PurgeAccess.NONE,
          request -> "");

  @BeforeEach
  void store() {
    for (String path : new String[] {"/a/1", "/a/2", "/b"}) {
      put(path);
    }
  }

  @AfterEach
  void close() {
    cache.close();
  }

  /** A response for an hour, in the group {@code g} and with the tag {@code t}. */
  private void put(String path) {
    RequestHead request = new RequestHead("GET", path, HttpVersion.HTTP_1_1, Fields.empty());
    Authority authority = requireNonNull(Authority.parseOrNull("shop.example"));
    TargetUri target = new TargetUri("https", authority, path);
    Fields fields =
        Fields.of("Cache-Control", "max-age=3600", "Cache-Groups", "\"g\"", "Tag", "t, u");
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", fields);
    CacheRules rules = attached.rules();
    long now = System.currentTimeMillis();
    Answer answer =
        new Answer(request, target, CacheControl.NONE, head, rules.directives(fields), now, now);
    CacheStore.NewEntry entry =
        requireNonNull(
            attached
                .store()
                .store(
                    KeyPolicy.DEFAULT.key(request, target, "", ""),
                    requireNonNull(rules.store(answer).response()),
                    "http://10.0.0.1:80",
                    rules.labels(target, fields),
                    0));
    entry.complete();
  }

  private long invalidate(String by, String what, Invalidation how) {
    return switch (by) {
      case "uri" -> cache.invalidate(URI.create(what), how);
      case "prefix" -> cache.invalidatePrefix(what, how);
      case "group" -> cache.invalidateGroup(URI.create("https://shop.example/x"), what, how);
      default -> cache.invalidateTag(what, how);
    };
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "uri, HTTPS://Shop.Example:443/b, 1",
    "uri, http://shop.example/b, 0",
    "prefix, https://shop.example/a/, 2",
    "prefix, https://shop.example/A/, 0",
    "group, g, 3",
    "group, t, 0",
    "tag, t, 3",
    "tag, g, 0"
  })
  void whatIsInvalidatedIsCounted(String by, String what, long count) {
    assertEquals(count, invalidate(by, what, Invalidation.MARK_STALE));
    assertEquals(3, cache.entries());
    assertEquals(
        count, cache.find("https://", 9).stream().filter(e -> e.freshForSeconds() <= 0).count());
    assertEquals(count, invalidate(by, what, Invalidation.REMOVE));
    assertEquals(3 - count, cache.entries());
    assertEquals(0, invalidate(by, what, Invalidation.REMOVE));
  }

  @ParameterizedTest
  @EnumSource(Invalidation.class)
  void whatIsNoUriOfAnOriginInvalidatesNothing(Invalidation how) {
    for (String uri : new String[] {"/b", "ftp://shop.example/b", "https:/b", "mailto:x"}) {
      assertThrows(
          IllegalArgumentException.class, () -> cache.invalidate(URI.create(uri), how), uri);
    }
    assertEquals(3, cache.find("", 9).stream().filter(e -> e.freshForSeconds() > 0).count());
  }

  private static Plugins plugins(Direction direction, boolean takesAnyHost) {
    return new Plugins(
        direction,
        AccessPolicy.PERMIT_ALL,
        request -> Failure.denied("no route"),
        takesAnyHost,
        List.of(),
        List.of());
  }

  private List<String> problems(Plugins proxy) {
    Checks checks = new Checks();
    cache.admit(proxy, checks);
    return checks.passed()
        ? List.of()
        : assertThrows(InvalidSettingsException.class, checks::done).problems();
  }

  @Test
  void aForwardProxySharesWithProxiesThatNameTheirHostsOnly() {
    Plugins forward = plugins(Direction.FORWARD, false);
    Plugins named = plugins(Direction.REVERSE, false);
    Plugins any = plugins(Direction.REVERSE, true);
    List<String> refused =
        List.of(
            "cache: shared by a forward proxy and a proxy with a route for any host"
                + " (expected: routes that name their hosts, or a cache for each)");
    for (Plugins proxy : List.of(named, forward, named, forward)) {
      assertEquals(List.of(), problems(proxy));
    }
    assertEquals(refused, problems(any));
    assertEquals(List.of(), problems(named)); // what was refused has changed nothing
  }

  @Test
  void aProxyThatTakesAnyHostSharesWithReverseProxiesOnly() {
    Plugins any = plugins(Direction.REVERSE, true);
    assertEquals(List.of(), problems(any));
    assertEquals(List.of(), problems(any));
    assertEquals(1, problems(plugins(Direction.FORWARD, false)).size());
    assertEquals(List.of(), problems(plugins(Direction.REVERSE, false)));
  }

  @Test
  void aProxyThatIsNotBuiltSharesNothing() {
    Checks failed = new Checks().problem("something else");
    cache.admit(plugins(Direction.REVERSE, true), failed);
    assertEquals(List.of(), problems(plugins(Direction.FORWARD, false)));
  }

  @Test
  void everyResponseIsInvalidatedByAnEmptyPrefix() {
    assertEquals(3, cache.invalidatePrefix("", Invalidation.REMOVE));
    assertTrue(cache.find("", 9).isEmpty());
  }
}
