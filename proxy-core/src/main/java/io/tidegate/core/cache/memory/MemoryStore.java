package io.tidegate.core.cache.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.cache.memory.CacheCounters.Counter;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stored responses in memory: heads on the heap, content outside it. Which are kept when there is
 * not room for all is for Caffeine to say, by how often and how recently they were used.
 */
public final class MemoryStore implements CacheStore {
  /*
   * Measured: of 100,000 responses with 2 to 13 fields and 0 to 1000 octets of content, on a heap
   * with compressed references.
   */
  /** What an entry costs beside its octets: the objects that hold it, in the cache and by URI. */
  private static final long OVERHEAD = 1200;

  /** What a label costs beside its characters, which lead to the entry from the index. */
  private static final long LABEL_OVERHEAD = 256;

  /** What entries are weighed in, in octets: the weight of one is an int. */
  private static final int GRAIN = 64;

  private static final System.Logger LOG = System.getLogger(MemoryStore.class.getName());

  private volatile long maxResponseOctets;
  private volatile int maxVariants;
  private final Arena arena;
  private final CacheCounters counters = new CacheCounters();
  private final Cache<CacheKey, List<Stored>> responses;
  private final Index uris = new Index();
  private final Index labels = new Index();
  private final Newcomers newcomers;

  private final Object resizing = new Object();

  /** What all responses together may occupy. */
  private long maxOctets;

  /** How much of that only newcomers may occupy. */
  private volatile long reserved;

  /**
   * An empty store.
   *
   * @param maxOctets how much all responses together may occupy
   * @param maxResponseOctets how long the content of one may be
   * @param maxVariants how many may be kept for one key
   */
  public MemoryStore(long maxOctets, long maxResponseOctets, int maxVariants) {
    this(maxOctets, maxResponseOctets, maxVariants, new Arena(withWhatIsRead(maxOctets)));
  }

  /** An empty store with the content in {@code arena}. */
  MemoryStore(long maxOctets, long maxResponseOctets, int maxVariants, Arena arena) {
    this.arena = arena;
    this.maxOctets = maxOctets;
    this.newcomers = new Newcomers(forNewcomers(maxOctets));
    this.maxResponseOctets = maxResponseOctets;
    this.maxVariants = maxVariants;
    this.responses =
        Caffeine.newBuilder()
            .maximumWeight(maxOctets / GRAIN)
            .weigher(this::weight)
            .evictionListener(this::evicted)
            .executor(Runnable::run)
            .build();
  }

  /** Memory for so much content, and for what is not stored any more but still read. */
  private static long withWhatIsRead(long octets) {
    return octets + octets / 4;
  }

  /** How much the newcomers may occupy: more than the longest response, as a rule. */
  private static long forNewcomers(long octets) {
    return octets / 4;
  }

  /** What weighs nothing is not evicted. */
  private int weight(CacheKey key, List<Stored> variants) {
    long octets = 0;
    for (Stored stored : variants) {
      octets += newcomers.contains(stored.body) ? 0 : stored.size();
    }
    return (int) Math.min(Integer.MAX_VALUE, (octets + GRAIN - 1) / GRAIN);
  }

  private void evicted(
      @Nullable CacheKey key, @Nullable List<Stored> variants, RemovalCause cause) {
    if (key != null && variants != null) {
      variants.forEach(Stored::drop);
      counters.add(Counter.EVICTED, variants.size());
      index(key, variants, List.of());
    }
  }

  @Override
  public void lookup(CacheKey key, Consumer<List<Entry>> found) {
    List<Stored> variants = responses.getIfPresent(key);
    found.accept(variants == null ? List.of() : List.copyOf(variants));
  }

  @Override
  public @Nullable NewEntry store(
      CacheKey key, StoredResponse response, String source, Set<String> names, long length) {
    if (length > maxResponseOctets) {
      counters.count(Counter.TOO_LONG);
      return null;
    }
    if (!hasMemory()) {
      return null;
    }
    counters.count(Counter.FILLS_BEGUN);
    MemoryBody body = new MemoryBody(arena, length, maxResponseOctets);
    Stored stored = new Stored(key, response, source, names, body, length, new Object());
    List<CacheKey> left = newcomers.add(body, key, stored.size());
    reserve();
    change(key, variants -> with(variants, stored));
    left.forEach(this::weigh);
    return new Writing(stored);
  }

  /** Responses of this key occupy more than they did, or less: others may have to go, or they. */
  private void weigh(CacheKey key) {
    change(key, List::copyOf);
  }

  /**
   * Gives the newcomers the room they need. They keep it, for they will need it again; and each
   * time that the room for the others changes, Caffeine forgets what it has learnt about them.
   */
  private void reserve() {
    long needed = newcomers.octets();
    if (needed > reserved) {
      synchronized (resizing) {
        long step = Math.max(1, maxOctets / 32);
        reserved = Math.min(forNewcomers(maxOctets), (needed / step + 1) * step);
        limit();
      }
    }
  }

  private void limit() {
    responses.policy().eviction().orElseThrow().setMaximum((maxOctets - reserved) / GRAIN);
  }

  /** The variants with a new one, in place of that which the same requests select. */
  private List<Stored> with(List<Stored> variants, Stored added) {
    List<Stored> kept = new ArrayList<>(variants.size() + 1);
    kept.add(added);
    for (Stored other : variants) {
      if (other.response.selectedAs(added.response)) {
        other.drop();
      } else if (kept.size() >= maxVariants) {
        other.drop();
        counters.count(Counter.EVICTED);
      } else {
        kept.add(other);
      }
    }
    return kept;
  }

  /**
   * Changes the variants of one key at once for all who look. What leads to them changes with them:
   * otherwise it could be lost to one who adds while another one removes.
   */
  private void change(CacheKey key, Function<List<Stored>, List<Stored>> change) {
    responses
        .asMap()
        .compute(
            key,
            (k, before) -> {
              List<Stored> variants = before == null ? List.of() : before;
              List<Stored> after = change.apply(variants);
              index(key, variants, after);
              return after.isEmpty() ? null : after;
            });
  }

  private void index(CacheKey key, List<Stored> before, List<Stored> after) {
    Set<String> had = labels(before);
    Set<String> have = labels(after);
    had.stream().filter(label -> !have.contains(label)).forEach(l -> labels.remove(l, key));
    have.stream().filter(label -> !had.contains(label)).forEach(l -> labels.add(l, key));
    if (after.isEmpty()) {
      uris.remove(key.uri(), key);
    } else if (before.isEmpty()) {
      uris.add(key.uri(), key);
    }
  }

  private static Set<String> labels(List<Stored> variants) {
    if (variants.size() == 1) {
      return variants.get(0).labels;
    }
    return variants.stream().flatMap(v -> v.labels.stream()).collect(Collectors.toSet());
  }

  @Override
  public @Nullable Entry update(Entry entry, StoredResponse response, Set<String> names) {
    Stored old = (Stored) entry;
    return head(old, response, names, old.lineage, variants -> without(variants, old::isBefore));
  }

  @Override
  public @Nullable Entry add(Entry other, StoredResponse response, Set<String> names) {
    return head((Stored) other, response, names, new Object(), variants -> variants);
  }

  /** Stores one more head for the content of {@code old} beside what {@code kept} leaves. */
  private @Nullable Entry head(
      Stored old,
      StoredResponse response,
      Set<String> names,
      Object lineage,
      UnaryOperator<List<Stored>> kept) {
    if (!old.body.keep()) {
      return null;
    }
    Stored added = new Stored(old.key, response, old.source, names, old.body, old.length, lineage);
    change(
        old.key,
        variants -> {
          if (variants.stream().noneMatch(old::isBefore)) {
            added.drop();
            return variants;
          }
          return with(kept.apply(variants), added);
        });
    return added.isDropped() ? null : added;
  }

  @Override
  public boolean remove(Entry entry) {
    Stored removed = (Stored) entry;
    AtomicBoolean found = new AtomicBoolean();
    change(
        removed.key,
        variants -> {
          List<Stored> others = without(variants, removed::isBefore);
          found.set(others.size() < variants.size());
          return others;
        });
    return found.get();
  }

  /** Drops responses. Their memory is free when nobody reads them any more either. */
  private static List<Stored> without(List<Stored> variants, Predicate<Stored> removed) {
    List<Stored> kept = new ArrayList<>(variants.size());
    for (Stored other : variants) {
      if (removed.test(other)) {
        other.drop();
      } else {
        kept.add(other);
      }
    }
    return kept;
  }

  @Override
  public void forUri(String uri, Consumer<Entry> action) {
    uris.keys(uri).forEach(key -> lookup(key, found -> found.forEach(action)));
  }

  @Override
  public void forLabel(String label, Consumer<Entry> action) {
    Consumer<Entry> labelled =
        entry -> {
          if (entry.labels().contains(label)) {
            action.accept(entry);
          }
        };
    labels.keys(label).forEach(key -> lookup(key, found -> found.forEach(labelled)));
  }

  @Override
  public void forAll(Predicate<Entry> wanted, Consumer<Entry> action) {
    for (List<Stored> variants : responses.asMap().values()) {
      variants.stream().filter(wanted).forEach(action);
    }
  }

  @Override
  public long entries() {
    return responses.estimatedSize();
  }

  @Override
  public long octets() {
    long weighed = responses.policy().eviction().orElseThrow().weightedSize().orElse(0) * GRAIN;
    return weighed + newcomers.octets();
  }

  /** Whether there is any memory left, also if that means that others have to make way. */
  private boolean hasMemory() {
    if (arena.isExhausted()) {
      shrink();
    }
    return !arena.isExhausted();
  }

  /** There is no more memory: keeps to what there is, and leaves some of it to what is read. */
  private void shrink() {
    List<CacheKey> left;
    synchronized (resizing) {
      long most = arena.size() / 5 * 4;
      if (most >= maxOctets) {
        return;
      }
      LOG.log(
          Level.WARNING, "no more memory outside the heap: the cache keeps to {0} octets", most);
      maxOctets = most;
      reserved = forNewcomers(most);
      left = newcomers.allow(reserved);
      limit();
    }
    left.forEach(this::weigh);
  }

  /**
   * Changes what the store may hold; the arguments as when it was made. If it is less than there
   * is, what is used least goes; memory that was in use at once stays with the store.
   */
  public void resize(long octets, long responseOctets, int variants) {
    arena.ample(withWhatIsRead(octets));
    List<CacheKey> left;
    synchronized (resizing) {
      maxResponseOctets = responseOctets;
      maxVariants = variants;
      maxOctets = octets;
      reserved = Math.min(reserved, forNewcomers(octets));
      left = newcomers.allow(forNewcomers(octets));
      limit();
    }
    left.forEach(this::weigh);
  }

  /** What has happened in this store, and to those who use it. */
  public CacheCounters counters() {
    return counters;
  }

  /** How many octets content occupies, also what is read only by those who began earlier. */
  long memory() {
    return arena.used();
  }

  /** How many URIs lead to a response. */
  long uris() {
    return uris.size();
  }

  @Override
  public void close() {
    forAll(entry -> true, this::remove);
  }

  /** One response in the store. */
  private final class Stored implements Entry {
    private final CacheKey key;
    private final StoredResponse response;
    private final String source;
    private final Set<String> labels;
    private final MemoryBody body;
    private final long length;
    private final Object lineage;
    private final AtomicBoolean dropped = new AtomicBoolean();
    private volatile @Nullable Object kept;

    /**
     * A response.
     *
     * @param lineage what it shares with those whose heads are updates of its head, and with no
     *     others that have the same content
     */
    Stored(
        CacheKey key,
        StoredResponse response,
        String source,
        Set<String> labels,
        MemoryBody body,
        long length,
        Object lineage) {
      this.key = key;
      this.response = response;
      this.source = source;
      this.labels = labels;
      this.body = body;
      this.length = length;
      this.lineage = lineage;
    }

    /** Whether the other one is this response, maybe with a head that has been updated since. */
    boolean isBefore(Stored other) {
      return other.lineage == lineage;
    }

    /** What it occupies: also what its content, if that is still to come, will. */
    long size() {
      long size = OVERHEAD + key.size() + response.size() + body.claim();
      for (String label : labels) {
        size += LABEL_OVERHEAD + label.length();
      }
      return size;
    }

    /** Lets go of the body: it is found no more. */
    void drop() {
      if (dropped.compareAndSet(false, true)) {
        body.drop();
        if (body.isDropped()) {
          newcomers.remove(body);
        }
      }
    }

    boolean isDropped() {
      return dropped.get();
    }

    @Override
    public CacheKey key() {
      return key;
    }

    @Override
    public StoredResponse response() {
      return response;
    }

    @Override
    public String source() {
      return source;
    }

    @Override
    public Set<String> labels() {
      return labels;
    }

    @Override
    public long length() {
      return body.isComplete() ? body.length() : length;
    }

    @Override
    public @Nullable BodyReader read(long from, long to) {
      return body.read(from, to);
    }

    @Override
    public @Nullable Object kept() {
      return kept;
    }

    @Override
    public void keep(Object made) {
      kept = made;
    }

    @Override
    public boolean copyTo(ByteBuffer target) {
      return body.copyTo(target);
    }
  }

  /** One on its way into the store: it goes again unless it is completed. */
  private final class Writing implements NewEntry {
    private final Stored stored;
    private final MemoryBody body;
    private long weighed;
    private boolean over;

    Writing(Stored stored) {
      this.stored = stored;
      this.body = stored.body;
      this.weighed = body.claim();
    }

    @Override
    public Entry entry() {
      return stored;
    }

    @Override
    public void hide() {
      discard();
    }

    @Override
    public void write(ByteBuffer data) {
      boolean before = body.isPassage();
      if (over || !fits(data)) {
        data.position(data.limit());
        abandon();
      } else if (!before && body.isPassage()) {
        counters.add(Counter.TOO_LONG, body.isTooLong() ? 1 : 0);
        discard();
      } else if (!before && body.claim() > weighed) {
        weighAnew();
      }
    }

    /** Writes {@code data}, if need be where others have made way; false if that is not enough. */
    private boolean fits(ByteBuffer data) {
      for (int i = 0; i < 2; i++) {
        try {
          body.write(data);
          return true;
        } catch (Arena.ExhaustedException e) {
          shrink();
        }
      }
      return false;
    }

    @Override
    public void complete() {
      if (over || !body.isWhole()) {
        abandon();
        return;
      }
      over = true;
      counters.add(Counter.STORED, body.isPassage() ? 0 : 1);
      counters.count(Counter.FILLS_ENDED);
      body.complete();
      weighAnew();
    }

    private void weighAnew() {
      weighed = body.claim();
      List<CacheKey> left = newcomers.resize(body, stored.size());
      if (left == null) {
        weigh(stored.key);
      } else {
        reserve();
        left.forEach(MemoryStore.this::weigh);
      }
    }

    @Override
    public void abandon() {
      if (!over) {
        over = true;
        discard();
        counters.count(Counter.FILLS_ENDED);
        body.abandon();
      }
    }

    private void discard() {
      change(stored.key, variants -> without(variants, other -> other.body == body));
    }

    @Override
    public boolean backlogged() {
      return body.backlogged();
    }

    @Override
    public boolean isWanted() {
      return !over && body.isWanted();
    }

    @Override
    public boolean isRead() {
      return body.isRead();
    }

    @Override
    public void leaveBehind() {
      body.leaveBehind();
    }

    @Override
    public void whenDrained(Runnable drained) {
      body.whenDrained(drained);
    }
  }
}
