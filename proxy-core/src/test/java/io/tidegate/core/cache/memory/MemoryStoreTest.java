package io.tidegate.core.cache.memory;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.Answer;
import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.BodyReader.State;
import io.tidegate.core.cache.CacheControl;
import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.CacheRules;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.CacheStore.Entry;
import io.tidegate.core.cache.CacheStore.NewEntry;
import io.tidegate.core.cache.KeyPolicy;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.cache.memory.CacheCounters.Counter;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryStoreTest {
  private static final CacheRules RULES = new CacheRules(CacheSettings.REVERSE);
  private static final String SOURCE = "http://origin:80";

  private MemoryStore store = new MemoryStore(1 << 20, 200_000, 3);

  // What is stored

  private static RequestHead request(String path, String... fields) {
    return new RequestHead("GET", path, HttpVersion.HTTP_1_1, Fields.of(fields));
  }

  private static TargetUri uri(String path) {
    return new TargetUri("http", requireNonNull(Authority.parseOrNull("a")), path);
  }

  private static CacheKey key(String path) {
    return KeyPolicy.DEFAULT.key(request(path), uri(path), "", "");
  }

  /** A response in {@code language}, whatever its content. */
  private static StoredResponse response(String language) {
    RequestHead request = request("/", "Accept-Language", language);
    Fields fields =
        Fields.of(
            "Vary", "Accept-Language", "Content-Language", language, "Cache-Control", "max-age=9");
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", fields);
    CacheControl directives = RULES.directives(fields);
    return requireNonNull(
        RULES
            .store(new Answer(request, uri("/"), CacheControl.NONE, head, directives, 0, 0))
            .response());
  }

  private NewEntry begin(String path, String language, long length, String... labels) {
    return requireNonNull(
        store.store(key(path), response(language), SOURCE, Set.of(labels), length));
  }

  private Entry put(String path, String language, byte[] content, String... labels) {
    NewEntry entry = begin(path, language, content.length, labels);
    entry.write(ByteBuffer.wrap(content));
    entry.complete();
    return entry.entry();
  }

  private static byte[] octets(int count, int of) {
    byte[] octets = new byte[count];
    Arrays.fill(octets, (byte) of);
    return octets;
  }

  // What is found

  private List<Entry> found(String path) {
    List<Entry> all = new ArrayList<>();
    store.lookup(key(path), all::addAll);
    return all;
  }

  private static List<String> languages(List<Entry> entries) {
    return entries.stream().map(e -> e.response().fields().all(LANGUAGE).get(0)).toList();
  }

  private static final FieldName LANGUAGE = FieldName.of("Content-Language");

  private static List<String> paths(Consumer<Consumer<Entry>> search) {
    List<String> paths = new ArrayList<>();
    search.accept(entry -> paths.add(entry.key().uri().substring("http://a".length())));
    return paths.stream().sorted().toList();
  }

  private static byte[] content(Entry entry) {
    try (BodyReader reader = requireNonNull(entry.read(0, Long.MAX_VALUE))) {
      return read(reader);
    }
  }

  private static byte[] read(BodyReader reader) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer part = reader.next(() -> {}); part != null; part = reader.next(() -> {})) {
      byte[] octets = new byte[part.remaining()];
      part.get(octets);
      all.writeBytes(octets);
    }
    return all.toByteArray();
  }

  // Storing

  @Test
  void whatIsStoredIsFound() {
    Entry entry = put("/", "en", octets(5000, 1), "tag");
    assertEquals(List.of(entry), found("/"));
    assertEquals(key("/"), entry.key());
    assertEquals(SOURCE, entry.source());
    assertEquals(Set.of("tag"), entry.labels());
    assertEquals(5000, entry.length());
    assertArrayEquals(octets(5000, 1), content(entry));
    assertEquals(List.of(), found("/other"));
    assertEquals(1, store.entries());
  }

  @Test
  void aResponseIsFoundAndReadWhileItComes() {
    NewEntry coming = begin("/", "en", -1);
    Entry entry = found("/").get(0);
    assertEquals(-1, entry.length());
    coming.write(ByteBuffer.wrap(octets(10, 1)));
    BodyReader reader = requireNonNull(entry.read(0, Long.MAX_VALUE));
    assertEquals(10, read(reader).length);
    assertEquals(State.OPEN, reader.state());
    coming.complete();
    assertEquals(State.ENDED, reader.state());
    assertEquals(10, entry.length());
    reader.close();
  }

  @Test
  void contentIsCopiedOnlyIfItIsCompleteAndFits() {
    NewEntry coming = begin("/", "en", 10);
    coming.write(ByteBuffer.wrap(octets(10, 1)));
    ByteBuffer target = ByteBuffer.allocate(10);
    assertEquals(false, coming.entry().copyTo(target));
    coming.complete();
    assertEquals(false, coming.entry().copyTo(ByteBuffer.allocate(9)));
    assertEquals(true, coming.entry().copyTo(target));
    assertArrayEquals(octets(10, 1), target.array());
  }

  @Test
  void aResponseTakesThePlaceOfTheOneThatTheSameRequestsSelect() {
    put("/", "en", octets(5000, 1));
    put("/", "de", octets(5000, 2));
    put("/", "en", octets(7000, 3));
    assertEquals(List.of("en", "de"), languages(found("/")));
    assertArrayEquals(octets(7000, 3), content(found("/").get(0)));
    assertEquals(7 * 1024 + 5 * 1024, store.memory());
  }

  @Test
  void onlySoManyResponsesAreKeptForOneKey() {
    for (String language : List.of("a", "b", "c", "d", "e")) {
      put("/", language, octets(1000, 1));
    }
    assertEquals(List.of("e", "d", "c"), languages(found("/")));
    assertEquals(3 * 1024, store.memory());
  }

  @Test
  void whatIsKnownToBeTooLongIsNotStored() {
    assertNull(store.store(key("/"), response("en"), SOURCE, Set.of(), 200_001));
    assertEquals(List.of(), found("/"));
  }

  @Test
  void whatTurnsOutToBeTooLongIsFoundNoMoreButReadToItsEnd() {
    NewEntry coming = begin("/", "en", -1);
    BodyReader reader = requireNonNull(coming.entry().read(0, Long.MAX_VALUE));
    int octets = 0;
    for (int i = 0; i < 10; i++) {
      coming.write(ByteBuffer.wrap(octets(50_000, i)));
      octets += read(reader).length;
    }
    assertEquals(List.of(), found("/"));
    assertTrue(coming.isWanted());
    coming.complete();
    assertEquals(500_000, octets);
    assertEquals(State.ENDED, reader.state());
    reader.close();
    assertEquals(List.of(), found("/"));
    assertEquals(0, store.memory());
  }

  @Test
  void aResponseOfUnknownLengthWeighsWhatOneOfKnownLengthDoesWhenItIsComplete() {
    put("/known", "en", octets(100_000, 1));
    long known = store.octets();
    long head = known - 98 * 1024;
    NewEntry coming = begin("/other", "en", -1);
    assertEquals(known + head + (16 << 10), store.octets(), 64);
    coming.write(ByteBuffer.wrap(octets(100_000, 1)));
    assertEquals(known + head + 200_000, store.octets(), 64);
    coming.complete();
    assertEquals(2 * known, store.octets(), 64);
  }

  @Test
  void aResponseOfUnknownLengthIsWeighedAsItGrows() {
    NewEntry coming = begin("/", "en", -1);
    for (int i = 0; i < 19; i++) {
      coming.write(ByteBuffer.wrap(octets(10_000, 1)));
      assertTrue(store.octets() >= store.memory(), () -> store.octets() + " are counted");
    }
    store.update(coming.entry(), response("en"), Set.of());
    coming.write(ByteBuffer.wrap(octets(10_000, 1)));
    assertTrue(store.octets() >= store.memory());
    assertEquals(1, store.entries());
  }

  @Test
  void aResponseOfKnownLengthIsWeighedFromTheBeginning() {
    begin("/", "en", 100_000);
    assertTrue(store.octets() >= 100_000);
  }

  @Test
  void tagsAndGroupsHaveTheirWeight() {
    put("/", "en", octets(10, 1));
    long without = store.octets();
    put("/", "en", octets(10, 1), "a".repeat(256), "b".repeat(256));
    assertEquals(2 * (256 + 256), store.octets() - without);
  }

  @Test
  void whatIsForgottenWasThere() {
    Entry entry = put("/", "en", octets(10, 1));
    Entry updated = requireNonNull(store.update(entry, response("en"), Set.of()));
    assertTrue(store.remove(entry)); // also if its head has been updated meanwhile
    assertFalse(store.remove(updated));
    assertFalse(store.remove(entry));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1 << 20})
  void whatComesIsNeverMoreThanThereIsRoomFor(long length) {
    MemoryStore small = new MemoryStore(4 << 20, 1 << 20, 3);
    List<NewEntry> coming = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      StoredResponse head = response("en");
      coming.add(requireNonNull(small.store(key("/" + i), head, SOURCE, Set.of(), length)));
    }
    long lastPieces = 20 * (256 << 10);
    for (int i = 0; i < 16; i++) {
      for (NewEntry entry : coming) {
        entry.write(ByteBuffer.wrap(octets(64 << 10, i)));
        assertTrue(small.octets() <= 4 << 20);
        long memory = small.memory();
        assertTrue(memory <= (4 << 20) + lastPieces, () -> memory + " octets are kept");
      }
    }
    coming.forEach(NewEntry::complete);
    assertTrue(small.entries() >= 2, () -> small.entries() + " are kept");
    assertEquals(small.entries() << 20, small.memory());
  }

  @Test
  void whatIsEvictedWhileItComesIsReadToItsEnd() {
    NewEntry coming = begin("/coming", "en", -1);
    BodyReader reader = requireNonNull(coming.entry().read(0, Long.MAX_VALUE));
    coming.write(ByteBuffer.wrap(octets(10_000, 1)));
    for (int i = 0; i < 100; i++) {
      put("/" + i % 10, "en", octets(150_000, i));
    }
    assertEquals(false, paths(all -> store.forAll(e -> true, all)).contains("/coming"));
    coming.write(ByteBuffer.wrap(octets(10_000, 2)));
    assertArrayEquals(octets(10_000, 1), Arrays.copyOf(read(reader), 10_000));
    coming.write(ByteBuffer.wrap(octets(10_000, 3)));
    assertNull(coming.entry().read(0, Long.MAX_VALUE));
    assertTrue(coming.isWanted());
    coming.complete();
    assertArrayEquals(octets(10_000, 3), read(reader));
    assertEquals(State.ENDED, reader.state());
    reader.close();
    store.close();
    assertEquals(0, store.memory());
  }

  // Memory runs out

  /** A store that gets less memory than it was told to use. */
  private static MemoryStore withSlabs(int slabs) {
    AtomicInteger left = new AtomicInteger(slabs);
    Arena arena =
        new Arena(
            20 << 20,
            octets -> {
              if (left.getAndDecrement() <= 0) {
                throw new OutOfMemoryError("Cannot reserve memory");
              }
              return ByteBuffer.allocate(octets);
            });
    return new MemoryStore(16 << 20, 2 << 20, 3, arena);
  }

  @Test
  void aStoreKeepsToTheMemoryThereIs() {
    store = withSlabs(4);
    for (int i = 0; i < 60; i++) {
      NewEntry coming = begin("/" + i, "en", 300_000);
      BodyReader reader = requireNonNull(coming.entry().read(0, Long.MAX_VALUE));
      coming.write(ByteBuffer.wrap(octets(300_000, i)));
      coming.complete();
      assertArrayEquals(octets(300_000, i), read(reader));
      reader.close();
    }
    assertTrue(store.entries() > 5, () -> store.entries() + " are kept");
    assertTrue(store.octets() <= 4 << 20);
    store.forAll(entry -> true, entry -> assertEquals(300_000, content(entry).length));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 600_000})
  void contentThatThereIsNoMemoryForBreaksOff(int length) {
    store = withSlabs(1);
    BodyReader held = requireNonNull(put("/", "en", octets(900_000, 1)).read(0, Long.MAX_VALUE));
    NewEntry coming = begin("/other", "en", length);
    BodyReader reader = requireNonNull(coming.entry().read(0, Long.MAX_VALUE));
    coming.write(ByteBuffer.wrap(octets(600_000, 2)));
    assertFalse(coming.isWanted());
    assertTrue(read(reader).length < 600_000);
    assertEquals(State.BROKEN, reader.state());
    assertEquals(List.of(), found("/other"));
    coming.write(ByteBuffer.wrap(octets(1, 3)));
    coming.complete();
    assertEquals(List.of(), found("/other"));
    assertEquals(count(Counter.FILLS_BEGUN), count(Counter.FILLS_ENDED));
    reader.close();
    held.close();
    assertEquals(600_000, content(put("/other", "en", octets(600_000, 2))).length);
  }

  @Test
  void whatIsStoredMakesWayWhenTheMemoryIsUsedToItsEnd() {
    store = withSlabs(1);
    put("/1", "en", octets(512 << 10, 1));
    put("/2", "en", octets(511 << 10, 2));
    begin("/3", "en", 2000).write(ByteBuffer.wrap(octets(1000, 3))); // asks for more, gets the rest
    assertEquals(1 << 20, store.memory());
    assertEquals(1000, content(put("/4", "en", octets(1000, 4))).length);
  }

  @Test
  void nothingIsStoredWhereThereIsNoMemoryAtAll() {
    store = withSlabs(0);
    NewEntry coming = begin("/", "en", 10);
    coming.write(ByteBuffer.wrap(octets(10, 1)));
    assertFalse(coming.isWanted());
    assertNull(store.store(key("/"), response("en"), SOURCE, Set.of(), 10));
    assertEquals(0, store.entries());
  }

  @Test
  void contentThatIsShorterThanItSaidIsNotStored() {
    NewEntry coming = begin("/", "en", 10);
    BodyReader reader = requireNonNull(coming.entry().read(0, Long.MAX_VALUE));
    coming.write(ByteBuffer.wrap(octets(9, 1)));
    coming.complete();
    assertEquals(9, read(reader).length);
    assertEquals(State.BROKEN, reader.state());
    assertEquals(List.of(), found("/"));
    reader.close();
    assertEquals(0, store.memory());
  }

  // Counting

  private long count(Counter counter) {
    return store.counters().get(counter);
  }

  @Test
  void fillsAreCountedAtTheirBeginningAndTheirEnd() {
    NewEntry one = begin("/1", "en", 10);
    NewEntry two = begin("/2", "en", -1);
    assertEquals(2, count(Counter.FILLS_BEGUN));
    assertEquals(0, count(Counter.FILLS_ENDED));
    one.write(ByteBuffer.wrap(octets(10, 1)));
    one.complete();
    assertEquals(1, count(Counter.STORED));
    two.abandon();
    assertEquals(1, count(Counter.STORED));
    assertEquals(2, count(Counter.FILLS_ENDED));
  }

  @Test
  void whatIsTooLongIsCountedOnce() {
    assertNull(store.store(key("/"), response("en"), SOURCE, Set.of(), 200_001));
    assertEquals(1, count(Counter.TOO_LONG));
    assertEquals(0, count(Counter.FILLS_BEGUN));
    NewEntry coming = begin("/", "en", -1);
    coming.write(ByteBuffer.wrap(octets(200_000, 1)));
    assertEquals(1, count(Counter.TOO_LONG));
    coming.write(ByteBuffer.wrap(octets(1, 1)));
    coming.write(ByteBuffer.wrap(octets(1, 1)));
    coming.complete();
    assertEquals(2, count(Counter.TOO_LONG));
    assertEquals(0, count(Counter.STORED));
  }

  @Test
  void whatMakesWayIsCounted() {
    for (String language : List.of("a", "b", "c", "c", "d")) {
      put("/", language, octets(1000, 1));
    }
    assertEquals(1, count(Counter.EVICTED));
    for (int i = 0; i < 100; i++) {
      put("/" + i, "en", octets(100_000, 1));
    }
    assertEquals(4 + 100, count(Counter.EVICTED) + found().size()); // one has been replaced
  }

  private List<String> found() {
    return paths(action -> store.forAll(entry -> true, action));
  }

  // Giving up

  @Test
  void anAbandonedResponseIsFoundNoMore() {
    put("/", "de", octets(100, 1));
    NewEntry coming = begin("/", "en", 100, "tag");
    coming.write(ByteBuffer.wrap(octets(50, 1)));
    coming.abandon();
    assertEquals(List.of("de"), languages(found("/")));
    assertEquals(List.of("/"), paths(action -> store.forUri("http://a/", action)));
    assertEquals(List.of(), paths(action -> store.forLabel("tag", action)));
    assertEquals(1024, store.memory());
  }

  @Test
  void anAbandonedResponseIsFoundNoMoreAlthoughItsHeadWasUpdatedMeanwhile() {
    NewEntry coming = begin("/", "en", 100);
    coming.write(ByteBuffer.wrap(octets(50, 1)));
    store.update(coming.entry(), response("en"), Set.of());
    coming.abandon();
    assertEquals(List.of(), found("/"));
    assertEquals(0, store.memory());
  }

  @Test
  void aTooLongResponseIsFoundNoMoreAlthoughItsHeadWasUpdatedMeanwhile() {
    NewEntry coming = begin("/", "en", -1);
    store.update(coming.entry(), response("en"), Set.of());
    coming.write(ByteBuffer.wrap(octets(200_001, 1)));
    assertEquals(List.of(), found("/"));
    coming.complete();
    assertEquals(0, store.memory());
  }

  // Updating

  @Test
  void anUpdatedResponseKeepsItsContent() {
    Entry old = put("/", "en", octets(5000, 1), "old");
    Entry updated = requireNonNull(store.update(old, response("en"), Set.of("new")));
    assertEquals(List.of(updated), found("/"));
    assertNotEquals(old, updated);
    assertArrayEquals(octets(5000, 1), content(updated));
    assertEquals(List.of(), paths(action -> store.forLabel("old", action)));
    assertEquals(List.of("/"), paths(action -> store.forLabel("new", action)));
    assertEquals(5 * 1024, store.memory());
    store.remove(updated);
    assertEquals(0, store.memory());
  }

  @Test
  void anUpdateMaySelectWhatAnotherOneDid() {
    put("/", "de", octets(1000, 1));
    Entry old = put("/", "en", octets(1000, 2));
    requireNonNull(store.update(old, response("de"), Set.of()));
    assertEquals(List.of("de"), languages(found("/")));
    assertArrayEquals(octets(1000, 2), content(found("/").get(0)));
    assertEquals(1024, store.memory());
  }

  @Test
  void severalResponsesMayHaveTheSameContent() {
    Entry first = put("/", "en", octets(9, 1), "old");
    long used = store.memory();
    Entry second = requireNonNull(store.add(first, response("de"), Set.of("new")));
    assertEquals(List.of("de", "en"), languages(found("/")));
    assertEquals(Set.of("old"), found("/").get(1).labels());
    assertArrayEquals(octets(9, 1), content(second));
    assertEquals(used, store.memory());
    Entry updated = requireNonNull(store.update(second, response("fr"), Set.of()));
    assertEquals(List.of("fr", "en"), languages(found("/")));
    assertTrue(store.remove(first));
    assertEquals(List.of("fr"), languages(found("/")));
    assertArrayEquals(octets(9, 1), content(updated));
    assertTrue(store.remove(updated));
    assertEquals(0, store.memory());
    assertNull(store.add(first, response("en"), Set.of()));
    assertEquals(List.of(), found("/"));
  }

  @Test
  void anAbandonedResponseIsFoundNoMoreUnderAnyHead() {
    NewEntry broken = begin("/", "en", 9);
    store.add(broken.entry(), response("de"), Set.of());
    broken.abandon();
    assertEquals(List.of(), found("/"));
    assertEquals(0, store.memory());
  }

  @Test
  void aResponseThatIsGoneIsNotUpdated() {
    Entry gone = put("/", "en", octets(1000, 1));
    store.remove(gone);
    assertNull(store.update(gone, response("en"), Set.of("tag")));
    assertEquals(List.of(), found("/"));
  }

  @Test
  void aResponseThatIsGoneIsNotUpdatedAlthoughSomebodyStillReadsIt() {
    Entry gone = put("/", "en", octets(1000, 1));
    BodyReader reader = requireNonNull(gone.read(0, Long.MAX_VALUE));
    store.remove(gone);
    assertNull(store.update(gone, response("en"), Set.of("tag")));
    assertEquals(List.of(), found("/"));
    reader.close();
    assertEquals(0, store.memory());
  }

  // Removing

  @Test
  void whatIsRemovedIsReadToItsEndByThoseWhoHaveBegun() {
    Entry entry = put("/", "en", octets(5000, 1));
    BodyReader reader = requireNonNull(entry.read(0, Long.MAX_VALUE));
    store.remove(entry);
    put("/", "en", octets(5000, 2));
    assertArrayEquals(octets(5000, 1), read(reader));
    assertEquals(10 * 1024, store.memory());
    reader.close();
    assertEquals(5 * 1024, store.memory());
    assertNull(entry.read(0, Long.MAX_VALUE));
  }

  @Test
  void whatIsRemovedTwiceIsGivenBackOnce() {
    Entry entry = put("/", "en", octets(1000, 1));
    put("/", "de", octets(1000, 1));
    store.remove(entry);
    store.remove(entry);
    assertEquals(List.of("de"), languages(found("/")));
    assertEquals(1024, store.memory());
  }

  @Test
  void aClosedStoreIsEmpty() {
    put("/1", "en", octets(1000, 1));
    put("/2", "en", octets(1000, 1), "tag");
    store.close();
    assertEquals(0, store.entries());
    assertEquals(0, store.memory());
    assertEquals(List.of(), paths(action -> store.forLabel("tag", action)));
  }

  // Searching

  @Test
  void responsesAreFoundByWhatTheyHaveInCommon() {
    put("/1", "en", octets(10, 1), "a", "b");
    put("/1", "de", octets(10, 1), "b");
    put("/2", "en", octets(10, 1), "a");
    assertEquals(List.of("/1", "/1"), paths(action -> store.forUri("http://a/1", action)));
    assertEquals(List.of(), paths(action -> store.forUri("http://a/3", action)));
    assertEquals(List.of("/1", "/2"), paths(action -> store.forLabel("a", action)));
    assertEquals(List.of("/1", "/1"), paths(action -> store.forLabel("b", action)));
    assertEquals(List.of(), paths(action -> store.forLabel("c", action)));
    assertEquals(List.of("/1", "/1", "/2"), paths(a -> store.forAll(entry -> true, a)));
    assertEquals(List.of("/2"), paths(a -> store.forAll(e -> e.key().uri().endsWith("2"), a)));
  }

  @Test
  void whatIsFoundMayBeRemoved() {
    put("/1", "en", octets(10, 1), "a");
    put("/1", "de", octets(10, 1), "a");
    put("/2", "en", octets(10, 1), "a");
    store.forUri("http://a/1", store::remove);
    assertEquals(List.of("/2"), paths(action -> store.forLabel("a", action)));
    store.forLabel("a", store::remove);
    assertEquals(0, store.entries());
  }

  @Test
  void aLabelLeadsToThoseThatStillHaveIt() {
    put("/", "en", octets(10, 1), "tag");
    Entry gone = put("/", "de", octets(10, 1), "tag");
    store.remove(gone);
    assertEquals(List.of("/"), paths(action -> store.forLabel("tag", action)));
    put("/", "fr", octets(10, 1), "tag");
    put("/", "fr", octets(10, 1));
    assertEquals(List.of("/"), paths(action -> store.forLabel("tag", action)));
  }

  // Evicting

  @Test
  void thereIsNeverMoreThanThereIsRoomFor() {
    for (int i = 0; i < 500; i++) {
      put("/" + i, "en", octets(10_000, i), "tag");
      assertTrue(store.octets() <= 1 << 20);
      assertTrue(store.memory() <= 1 << 20);
    }
    long kept = store.entries();
    assertTrue(kept > 50, () -> kept + " are kept");
    assertEquals(kept * 10 * 1024, store.memory());
    assertEquals(kept, paths(action -> store.forLabel("tag", action)).size());
    assertEquals(kept, store.uris());
  }

  @Test
  void whatIsNotAdmittedLeavesNothingBehind() {
    for (int i = 0; i < 50; i++) {
      put("/" + i, "en", octets(20_000, i));
    }
    for (int i = 0; i < 500; i++) {
      found("/" + i % 50);
    }
    for (int i = 0; i < 200; i++) {
      put("/once" + i, "en", octets(20_000, i), "tag");
    }
    assertEquals(store.entries(), store.uris());
    assertEquals(store.entries() * 20 * 1024, store.memory());
    long labelled = paths(action -> store.forLabel("tag", action)).size();
    assertTrue(labelled < 50, () -> labelled + " have come in the place of what is used");
  }

  /** Fills the store with what is used again and again. */
  private void fill() {
    for (int i = 0; i < 50; i++) {
      put("/" + i, "en", octets(20_000, i));
    }
    for (int i = 0; i < 500; i++) {
      found("/" + i % 50);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 160_000})
  void whatComesIsFoundAlthoughEverythingElseIsUsedMoreOften(long length) {
    fill();
    NewEntry coming = begin("/new", "en", length);
    assertEquals(1, found("/new").size());
    coming.write(ByteBuffer.wrap(octets(160_000, 1)));
    assertEquals(1, found("/new").size());
    coming.complete();
    assertEquals(160_000, content(found("/new").get(0)).length);
    assertTrue(store.octets() <= 1 << 20);
    assertTrue(store.memory() <= 1 << 20);
  }

  @Test
  void whatComesAtTheSameTimeIsFoundAsWell() {
    fill();
    for (int i = 0; i < 10; i++) {
      put("/new" + i, "en", octets(20_000, 1));
    }
    for (int i = 0; i < 10; i++) {
      assertEquals(1, found("/new" + i).size());
    }
  }

  @Test
  void whatNobodyAsksForIsEvictedWhenMoreHasCome() {
    fill();
    for (int i = 0; i < 30; i++) {
      put("/new" + i, "en", octets(20_000, 1));
    }
    assertEquals(List.of(), found("/new0"));
    assertEquals(1, found("/new29").size());
  }

  @Test
  void manyShortResponsesMakeWayForOneAnother() {
    store = new MemoryStore(16 << 20, 1 << 20, 3);
    for (int i = 0; i < 850; i++) {
      put("/" + i, "en", octets(20_000, i));
      found("/" + i);
    }
    for (int i = 0; i < 300; i++) {
      put("/new" + i, "en", octets(10, 1));
    }
    assertEquals(1, found("/new299").size());
    assertEquals(1, found("/new44").size());
    assertEquals(store.entries(), store.uris());
  }

  @Test
  void whatIsReadIsNotGivenBackWhenItIsEvicted() {
    Entry entry = put("/", "en", octets(100_000, 77));
    BodyReader reader = requireNonNull(entry.read(0, Long.MAX_VALUE));
    for (int i = 0; i < 100; i++) {
      put("/" + i, "en", octets(100_000, i));
      found("/" + i);
    }
    store.close();
    assertArrayEquals(octets(100_000, 77), read(reader));
    reader.close();
    assertEquals(0, store.memory());
  }

  @Test
  void everyOctetBelongsToTheResponseItIsReadFrom() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tasks.add(this::storeAndRead);
    }
    int read = 0;
    for (Future<Integer> done : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
      read += done.get();
    }
    threads.shutdown();
    assertTrue(read > 0);
    assertEquals(store.entries(), store.uris());
    store.close();
    assertEquals(0, store.memory());
    assertEquals(0, store.uris());
  }

  /** Stores, reads, updates, adds and removes at random; how often something was found and read. */
  private int storeAndRead() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int read = 0;
    for (int i = 0; i < 5000; i++) {
      int path = random.nextInt(100);
      List<Entry> found = found("/" + path);
      if (found.isEmpty()) {
        put("/" + path, "en", octets(1 + random.nextInt(40_000), path));
      } else {
        read += readIsWhole(found.get(0), path) ? 1 : 0;
        change(found.get(0), random.nextInt(20));
      }
    }
    return read;
  }

  private void change(Entry entry, int what) {
    if (what == 0) {
      store.remove(entry);
    } else if (what == 1) {
      store.update(entry, response("en"), Set.of("tag"));
    } else if (what == 2) {
      store.add(entry, response("de"), Set.of("tag"));
    }
  }

  private static boolean readIsWhole(Entry entry, int of) {
    BodyReader reader = entry.read(0, Long.MAX_VALUE);
    if (reader == null) {
      return false;
    }
    byte[] all = read(reader);
    assertArrayEquals(octets(all.length, of), all);
    reader.close();
    return true;
  }

  // Another size

  @Test
  void aSmallerStoreKeepsWhatFitsAndALargerOneTakesMore() {
    store = new MemoryStore(1 << 20, 1 << 17, 3);
    for (int i = 0; i < 8; i++) {
      put("/" + i, "en", octets(100_000, i));
    }
    store.resize(1 << 19, 1 << 16, 3);
    assertTrue(store.octets() <= 1 << 19, () -> "octets: " + store.octets());
    assertTrue(store.entries() > 0);
    assertNull(store.store(key("/long"), response("en"), SOURCE, Set.of(), (1 << 16) + 1));
    store.resize(1 << 21, 1 << 18, 3);
    for (int i = 0; i < 8; i++) {
      put("/more" + i, "en", octets(200_000, i));
    }
    assertTrue(store.octets() > 1 << 20, () -> "octets: " + store.octets());
    assertTrue(store.octets() <= 1 << 21, () -> "octets: " + store.octets());
  }
}
