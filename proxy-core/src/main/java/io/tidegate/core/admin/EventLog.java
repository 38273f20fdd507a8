package io.tidegate.core.admin;

import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ProxyEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** Remembers the last events, and tells those who want to know at once. Thread-safe. */
public final class EventLog implements EventListener {
  private static final int MOST = 500;

  /** Who waits for events holds no more than that of one, however much was wrong with a file. */
  private static final int MOST_CHARACTERS = 4000;

  /**
   * Something that has happened.
   *
   * @param number counts them, on from the milliseconds of the time when the log began: one that
   *     begins later, in another process, has higher ones
   * @param at when
   * @param name what, {@code endpoint-down}
   * @param subject to what; empty for the proxy
   * @param detail why; may be empty
   */
  public record Entry(long number, Instant at, String name, String subject, String detail) {}

  private final InstantSource clock;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Set<Consumer<Entry>> followers = new CopyOnWriteArraySet<>();
  private long last;

  /** Without events so far. */
  public EventLog(InstantSource clock) {
    this.clock = clock;
    this.last = clock.millis();
  }

  /** All under one lock, so that followers are told in order; they do not block. */
  @Override
  public synchronized void happened(ProxyEvent event) {
    Entry entry =
        new Entry(
            ++last,
            clock.instant(),
            event.name(),
            shortened(event.subject()),
            shortened(event.detail()));
    entries.addLast(entry);
    if (entries.size() > MOST) {
      entries.removeFirst();
    }
    followers.forEach(follower -> follower.accept(entry));
  }

  private static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS - 1) + "…";
  }

  /** Those after number {@code after} that are remembered, at most the last {@code limit}. */
  public synchronized List<Entry> since(long after, int limit) {
    List<Entry> all = entries.stream().filter(entry -> entry.number() > after).toList();
    return all.subList(Math.max(0, all.size() - limit), all.size());
  }

  /** Tells {@code follower}, which must not block, those after {@code after}, then all to come. */
  synchronized void follow(long after, Consumer<Entry> follower) {
    since(after, MOST).forEach(follower);
    followers.add(follower);
  }

  void unfollow(Consumer<Entry> follower) {
    followers.remove(follower);
  }
}
