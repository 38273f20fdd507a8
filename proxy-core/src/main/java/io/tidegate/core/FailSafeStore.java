package io.tidegate.core;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.StoredResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that may fail, as one that has nothing then: no method throws, a response that cannot be
 * looked up is not stored, and content that cannot be read or written is broken off.
 */
final class FailSafeStore implements CacheStore {
  private final CacheStore store;
  private final Consumer<RuntimeException> failed;

  /** Makes the best of {@code store}, and tells {@code failed} what it throws. */
  public FailSafeStore(CacheStore store, Consumer<RuntimeException> failed) {
    this.store = store;
    this.failed = failed;
  }

  private <T> T get(Supplier<T> action, T otherwise) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      failed.accept(e);
      return otherwise;
    }
  }

  private <T> @Nullable T orNull(Supplier<@Nullable T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      failed.accept(e);
      return null;
    }
  }

  private boolean run(Runnable action) {
    try {
      action.run();
      return true;
    } catch (RuntimeException e) {
      failed.accept(e);
      return false;
    }
  }

  private static Entry own(Entry entry) {
    return ((Guarded) entry).entry;
  }

  /** Null also if the entry cannot say what it is. */
  private @Nullable Entry guarded(@Nullable Entry entry) {
    return entry == null ? null : orNull(() -> new Guarded(entry));
  }

  private List<Entry> guarded(List<Entry> entries) {
    List<Entry> all = new ArrayList<>(entries.size());
    entries.forEach(guarded(all::add));
    return all;
  }

  private Consumer<Entry> guarded(Consumer<Entry> action) {
    return entry -> {
      Entry guarded = guarded(entry);
      if (guarded != null) {
        action.accept(guarded);
      }
    };
  }

  @Override
  public void lookup(CacheKey key, Consumer<List<Entry>> found) {
    boolean asked = run(() -> store.lookup(key, entries -> found.accept(guarded(entries))));
    if (!asked) {
      found.accept(List.of());
    }
  }

  @Override
  public @Nullable NewEntry store(
      CacheKey key, StoredResponse response, String source, Set<String> labels, long length) {
    NewEntry added = orNull(() -> store.store(key, response, source, labels, length));
    Entry entry = added == null ? null : guarded(orNull(added::entry));
    if (added != null && entry == null) {
      run(added::abandon);
    }
    return added == null || entry == null ? null : new Writing(added, entry);
  }

  @Override
  public @Nullable Entry update(Entry entry, StoredResponse response, Set<String> labels) {
    return guarded(orNull(() -> store.update(own(entry), response, labels)));
  }

  @Override
  public @Nullable Entry add(Entry other, StoredResponse response, Set<String> labels) {
    return guarded(orNull(() -> store.add(own(other), response, labels)));
  }

  @Override
  public boolean remove(Entry entry) {
    return get(() -> store.remove(own(entry)), false);
  }

  @Override
  public void forUri(String uri, Consumer<Entry> action) {
    run(() -> store.forUri(uri, guarded(action)));
  }

  @Override
  public void forAll(Predicate<Entry> wanted, Consumer<Entry> action) {
    Predicate<Entry> guarded =
        entry -> {
          Entry known = guarded(entry);
          return known != null && wanted.test(known);
        };
    run(() -> store.forAll(guarded, guarded(action)));
  }

  @Override
  public void forLabel(String label, Consumer<Entry> action) {
    run(() -> store.forLabel(label, guarded(action)));
  }

  @Override
  public long entries() {
    return get(store::entries, 0L);
  }

  @Override
  public long octets() {
    return get(store::octets, 0L);
  }

  @Override
  public void close() {
    run(store::close);
  }

  private final class Guarded implements Entry {
    private final Entry entry;
    private final CacheKey key;
    private final StoredResponse response;
    private final String source;
    private final Set<String> labels;

    /** Asks for all that never changes, so that it cannot fail later. */
    Guarded(Entry entry) {
      this.entry = entry;
      this.key = entry.key();
      this.response = entry.response();
      this.source = entry.source();
      this.labels = entry.labels();
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
      return get(entry::length, -1L);
    }

    @Override
    public @Nullable BodyReader read(long from, long to) {
      BodyReader reader = orNull(() -> entry.read(from, to));
      return reader == null ? null : new Reading(reader);
    }

    @Override
    public @Nullable Object kept() {
      return orNull(entry::kept);
    }

    @Override
    public void keep(Object made) {
      run(() -> entry.keep(made));
    }

    @Override
    public boolean copyTo(ByteBuffer target) {
      return get(() -> entry.copyTo(target), false);
    }
  }

  private final class Reading implements BodyReader {
    private final BodyReader reader;
    private boolean broken;

    Reading(BodyReader reader) {
      this.reader = reader;
    }

    @Override
    public @Nullable ByteBuffer next(Runnable ready) {
      try {
        return broken ? null : reader.next(ready);
      } catch (RuntimeException e) {
        failed.accept(e);
        broken = true;
        return null;
      }
    }

    @Override
    public State state() {
      return broken ? State.BROKEN : get(reader::state, State.BROKEN);
    }

    @Override
    public void close() {
      run(reader::close);
    }
  }

  private final class Writing implements NewEntry {
    private final NewEntry writer;
    private final Entry entry;
    private boolean broken;

    Writing(NewEntry writer, Entry entry) {
      this.writer = writer;
      this.entry = entry;
    }

    @Override
    public Entry entry() {
      return entry;
    }

    @Override
    public void hide() {
      run(writer::hide);
    }

    @Override
    public void write(ByteBuffer data) {
      broken |= !run(() -> writer.write(data));
      data.position(data.limit());
    }

    @Override
    public boolean backlogged() {
      return !broken && get(writer::backlogged, false);
    }

    @Override
    public boolean isWanted() {
      return !broken && get(writer::isWanted, false);
    }

    @Override
    public boolean isRead() {
      return get(writer::isRead, false);
    }

    @Override
    public void whenDrained(Runnable drained) {
      run(() -> writer.whenDrained(drained));
    }

    @Override
    public void leaveBehind() {
      run(writer::leaveBehind);
    }

    @Override
    public void complete() {
      run(broken ? writer::abandon : writer::complete);
    }

    @Override
    public void abandon() {
      run(writer::abandon);
    }
  }
}
