package io.tidegate.core.cache;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where stored responses are kept. Thread-safe. Nothing it does may block, for it is called on IO
 * threads. One that fails should say that it has nothing; what it throws comes to the same.
 */
public interface CacheStore extends AutoCloseable {
  /** A stored response with its content, which may still be on its way into the store. */
  interface Entry {
    /** What it is found by, together with its Vary. */
    CacheKey key();

    /** Its head. */
    StoredResponse response();

    /** The upstream it came from, as a URI without path. */
    String source();

    /** Its tags and groups. */
    Set<String> labels();

    /** The length of its content in octets, or -1 as long as nobody knows. */
    long length();

    /** A reader of the octets from {@code from} to {@code to}; null if they are gone. */
    @Nullable BodyReader read(long from, long to);

    /** What {@link #keep} was given last for this head, or null. */
    @Nullable Object kept();

    /** Keeps something that was made from the head, at hand for the next time; not stored. */
    void keep(Object made);

    /** Puts all of the content into {@code target}; false if it is not complete or does not fit. */
    boolean copyTo(ByteBuffer target);
  }

  /** A response on its way into the store; others find it from the beginning. */
  interface NewEntry extends BodyWriter {
    /** What the others find. */
    Entry entry();

    /** Nobody finds it from now on, also when it is complete; those who read it read on. */
    void hide();
  }

  /**
   * Tells {@code found} what is stored under {@code key}, the response that was stored or updated
   * last first: at once or later, on any thread.
   */
  void lookup(CacheKey key, Consumer<List<Entry>> found);

  /**
   * Begins to store a response, in place of those that the same requests select.
   *
   * @param source the upstream it comes from, as a URI without path
   * @param labels its tags and groups
   * @param length the length of its content in octets, or -1 if nobody knows yet
   * @return null if the store has no room for it
   */
  @Nullable NewEntry store(
      CacheKey key, StoredResponse response, String source, Set<String> labels, long length);

  /**
   * Gives a stored response a new head: its content stays.
   *
   * @return what is stored then, or null if it is gone
   */
  @Nullable Entry update(Entry entry, StoredResponse response, Set<String> labels);

  /**
   * Stores a response with the content of another one, for the same key, in place of those that the
   * same requests select. The other one stays.
   *
   * @return what is stored then, or null if the other one is gone
   */
  @Nullable Entry add(Entry other, StoredResponse response, Set<String> labels);

  /** Forgets a response, and tells whether it was there. */
  boolean remove(Entry entry);

  /** Every response with {@code uri}, whatever else is in its key. */
  void forUri(String uri, Consumer<Entry> action);

  /** Every response that {@code wanted} accepts; looks at all there are. */
  void forAll(Predicate<Entry> wanted, Consumer<Entry> action);

  /** Every response with this tag or group. */
  void forLabel(String label, Consumer<Entry> action);

  /** How many responses there are. */
  long entries();

  /** How many octets they occupy. */
  long octets();

  /** Forgets everything. */
  @Override
  void close();
}
