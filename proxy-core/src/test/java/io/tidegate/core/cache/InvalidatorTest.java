package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.NOW;
import static io.tidegate.core.cache.Answers.get;
import static io.tidegate.core.cache.Answers.stored;
import static io.tidegate.core.cache.TargetUriTest.uri;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.CacheStore.Entry;
import io.tidegate.core.cache.CacheStore.NewEntry;
import io.tidegate.core.cache.InvalidationScope.Groups;
import io.tidegate.core.cache.InvalidationScope.Prefix;
import io.tidegate.core.cache.InvalidationScope.Tags;
import io.tidegate.core.cache.InvalidationScope.Uri;
import io.tidegate.core.cache.KeyPolicy.Parameters;
import io.tidegate.core.cache.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InvalidatorTest {
  private static final KeyPolicy ONLY_PAGE =
      new KeyPolicy(Parameters.ONLY, Set.of("page"), false, List.of(), List.of());

  private static final Set<String> LABELS =
      Set.of(TagField.label("t"), CacheGroups.label(at("/"), "g"));

  private final MemoryStore store = new MemoryStore(1 << 20, 1 << 10, 9);
  private final Invalidator invalidator = new Invalidator(store);

  private static TargetUri at(String path) {
    return uri("http", "a", path);
  }

  private void put(CacheKey key, String... labels) {
    NewEntry entry =
        requireNonNull(
            store.store(
                key, stored("Cache-Control", "max-age=60"), "http://o:80", Set.of(labels), 0));
    entry.complete();
  }

  private void put(String path, String... labels) {
    put(KeyPolicy.DEFAULT.key(get(), at(path), "", ""), labels);
  }

  private List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    store.forAll(entry -> true, all::add);
    return all;
  }

  /** The paths of what is stored. */
  private Set<String> left() {
    Set<String> left = new TreeSet<>();
    all().forEach(entry -> left.add(entry.key().uri().substring("http://a".length())));
    return left;
  }

  private boolean isInvalidatedBy(InvalidationScope scope, KeyPolicy policy, String path) {
    CacheKey key = policy.key(get(), at(path), "", "");
    long before = invalidator.moment();
    assertFalse(invalidator.hasInvalidated(key, LABELS, before));
    invalidator.remove(scope);
    assertFalse(invalidator.hasInvalidated(key, LABELS, invalidator.moment()));
    return invalidator.hasInvalidated(key, LABELS, before);
  }

  @Test
  void whatWasAskedForBeforeAnInvalidationIsKnown() {
    invalidator.findKeysOf(ONLY_PAGE);
    Uri scope = new Uri(at("/b?page=1&x"));
    assertTrue(isInvalidatedBy(scope, KeyPolicy.DEFAULT, "/b?page=1&x"));
    assertTrue(isInvalidatedBy(scope, ONLY_PAGE, "/b?y&page=1"));
    assertFalse(isInvalidatedBy(scope, KeyPolicy.DEFAULT, "/b?page=1&y"));
    assertFalse(isInvalidatedBy(new Uri(at("/c")), KeyPolicy.DEFAULT, "/b"));
    assertTrue(isInvalidatedBy(new Prefix("x"), KeyPolicy.DEFAULT, "/b"));
    assertTrue(isInvalidatedBy(new Tags(Set.of("s", "t")), KeyPolicy.DEFAULT, "/b"));
    assertFalse(isInvalidatedBy(new Tags(Set.of("g")), KeyPolicy.DEFAULT, "/b"));
    assertTrue(isInvalidatedBy(new Groups(at("/"), Set.of("g")), KeyPolicy.DEFAULT, "/b"));
    assertFalse(isInvalidatedBy(new Groups(at("/"), Set.of("t")), KeyPolicy.DEFAULT, "/b"));
    assertFalse(isInvalidatedBy(new Groups(at("/"), Set.of()), KeyPolicy.DEFAULT, "/b"));
  }

  @Test
  void aUriIsInvalidatedInAllKeys() {
    KeyPolicy cookies =
        new KeyPolicy(Parameters.ALL, Set.of(), false, List.of(), List.of("currency"));
    put(cookies.key(get("Cookie", "currency=x"), at("/b?page=1"), "", ""));
    put(cookies.key(get("Cookie", "currency=y"), at("/b?page=1"), "", ""));
    put(KeyPolicy.DEFAULT.key(get(), at("/b?page=1"), "partition", ""));
    put("/b?page=1");
    put("/b");
    assertEquals(4, invalidator.remove(new Uri(at("/b?page=1"))));
    assertEquals(Set.of("/b"), left());
    assertEquals(0, invalidator.remove(new Uri(at("/b?page=1"))));
    assertEquals(4, invalidator.invalidated());
  }

  @Test
  void aUriIsInvalidatedAsEveryPolicyKeysIt() {
    put("/b?page=1&x");
    put(ONLY_PAGE.key(get(), at("/b?page=1&y"), "", ""));
    put("/b?page=2");
    invalidator.findKeysOf(ONLY_PAGE);
    assertEquals(2, invalidator.remove(new Uri(at("/b?page=1&x"))));
    assertEquals(Set.of("/b?page=2"), left());
  }

  @Test
  void aPrefixIsInvalidatedWithAllBelow() {
    put("/b");
    put("/b/c");
    put("/bc?d");
    put("/c");
    assertEquals(3, invalidator.remove(new Prefix("http://a/b")));
    assertEquals(Set.of("/c"), left());
    assertEquals(0, invalidator.remove(new Prefix("http://A/c")));
    assertEquals(1, invalidator.remove(new Prefix("")));
    assertEquals(Set.of(), left());
  }

  @Test
  void aGroupBelongsToItsOrigin() {
    put("/g", CacheGroups.label(at("/"), "g"));
    put("/h", CacheGroups.label(at("/"), "h"));
    put("/other", CacheGroups.label(uri("https", "a", "/"), "g"));
    put("/tag", TagField.label("g"));
    assertEquals(1, invalidator.remove(new Groups(at("/any"), Set.of("g", "none"))));
    assertEquals(Set.of("/h", "/other", "/tag"), left());
  }

  @Test
  void aTagBelongsToAllOrigins() {
    put("/t", TagField.label("t"));
    put("/u", TagField.label("u"));
    put("/group", CacheGroups.label(at("/"), "t"));
    put(KeyPolicy.DEFAULT.key(get(), uri("https", "b", "/x"), "", ""), TagField.label("t"));
    assertEquals(2, invalidator.remove(new Tags(Set.of("t"))));
    assertEquals(Set.of("/u", "/group"), left());
  }

  @Test
  void aResponseCountsOnceHoweverItIsFound() {
    invalidator.findKeysOf(ONLY_PAGE);
    put("/b", TagField.label("t"), TagField.label("u"));
    Tags both = new Tags(Set.of("t", "u"));
    assertEquals(1, invalidator.markStale(both, NOW));
    assertEquals(1, invalidator.markStale(new Uri(at("/b")), NOW));
    assertEquals(1, invalidator.remove(both));
    assertEquals(3, invalidator.invalidated());
  }

  @Test
  void aResponseThatIsMarkedStaleStaysWithItsLabels() {
    put("/b", TagField.label("t"));
    assertTrue(all().get(0).response().isFresh(NOW + 1500));
    assertEquals(1, invalidator.markStale(new Tags(Set.of("t")), NOW + 1500));
    Entry stale = all().get(0);
    assertFalse(stale.response().isFresh(NOW + 1500));
    assertEquals(Set.of("\nt"), stale.labels());
    assertEquals(1, invalidator.markStale(new Prefix("http://a/"), NOW + 1500));
  }

  @Test
  void noQueryIsTold() {
    assertEquals("http://a/b?…", new Prefix("http://a/b?secret").toString());
    assertEquals("http://a/b", new Prefix("http://a/b").toString());
    assertFalse(new Uri(at("/b?secret")).toString().contains("secret"));
  }
}
