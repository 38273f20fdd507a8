package io.tidegate.core.cache.memory;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.BodyWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one response: written once, read by many, also while it is being written. Its
 * memory goes back to the arena when nobody holds it any more: neither the store, nor the writer,
 * nor a reader.
 *
 * <p>Content that turns out to be longer than may be stored, or that the store lets go of while it
 * is written, becomes a passage: what all who read it have read is forgotten, and the writer waits
 * for the slowest of them.
 */
final class MemoryBody implements BodyWriter {
  private static final int FIRST_EXTENT = 4 << 10;
  private static final int MAX_EXTENT = 256 << 10;

  /**
   * How much is set aside for content of unknown length, and how many times more when it is full.
   */
  private static final int FIRST_ROOM = 16 << 10;

  private static final int MORE_ROOM = 4;

  /** How far the writer of a passage may be ahead of the slowest reader. */
  private static final int PASSAGE = 1 << 20;

  private record Piece(Arena.Extent extent, long start) {}

  private static final Piece[] NOTHING = {};

  private final Arena arena;
  private final long expected;
  private final long maxOctets;
  private final List<Reader> readers = new ArrayList<>(1);

  /** Readers that will read no more, although they may still have what they read last. */
  private final List<Reader> leftBehind = new ArrayList<>(0);

  /** What those have: given back with the rest. */
  private final List<Piece> leftovers = new ArrayList<>(0);

  private int holders = 2;

  /**
   * How many responses of the store have this content: an updated one takes the place of another.
   */
  private int responses = 1;

  /** Replaced, never changed: readers go through it without a lock. Read {@link #written} first. */
  private volatile Piece[] pieces = NOTHING;

  /** The capacity of all pieces. */
  private volatile long occupied;

  /** Where the writer is, and what readers may see of it. */
  private long end;

  private volatile long written;
  private volatile BodyReader.State writing = BodyReader.State.OPEN;
  private volatile boolean passage;
  private volatile boolean backlogged;
  private volatile @Nullable Runnable drained;

  /**
   * Content of {@code length} octets, -1 if nobody knows yet; longer than {@code maxOctets} it is
   * not to be stored. The writer holds it until the end, and the store until {@link #drop}.
   */
  MemoryBody(Arena arena, long length, long maxOctets) {
    this.arena = arena;
    this.expected = length;
    this.maxOctets = maxOctets;
  }

  // Writing

  @Override
  public void write(ByteBuffer data) {
    while (data.hasRemaining()) {
      append(data);
    }
    if (written > maxOctets || isDropped()) {
      passage = true;
      forget();
    }
    wakeReaders();
  }

  private void append(ByteBuffer data) {
    Piece[] all = pieces; // readers of a passage shorten it meanwhile
    Piece last = all.length == 0 ? null : all[all.length - 1];
    int offset = last == null ? 0 : (int) (end - last.start);
    if (last == null || offset == last.extent.capacity()) {
      last = new Piece(arena.allocate(nextExtent(data.remaining())), end);
      addPiece(last);
      offset = 0;
    }
    int n = Math.min(data.remaining(), last.extent.capacity() - offset);
    last.extent.slice(offset, offset + n).put(0, data, data.position(), n);
    data.position(data.position() + n);
    end += n;
    written = end;
  }

  private int nextExtent(int atLeast) {
    long likely = expected >= 0 ? expected - written : Math.max(FIRST_EXTENT, written);
    return (int) Math.min(MAX_EXTENT, Math.max(likely, atLeast));
  }

  private synchronized void addPiece(Piece piece) {
    Piece[] longer = Arrays.copyOf(pieces, pieces.length + 1);
    longer[pieces.length] = piece;
    pieces = longer;
    occupied += piece.extent.capacity();
  }

  @Override
  public boolean backlogged() {
    return backlogged;
  }

  @Override
  public boolean isWanted() {
    return !passage || isRead();
  }

  @Override
  public synchronized boolean isRead() {
    return !readers.isEmpty();
  }

  @Override
  public void whenDrained(Runnable told) {
    drained = told;
  }

  @Override
  public void leaveBehind() {
    synchronized (this) {
      boolean awaited = backlogged && readers.stream().anyMatch(r -> r.position >= written);
      for (Reader reader : readers) {
        reader.leftBehind = awaited && reader.isHoldingUp();
        reader.seenAt = reader.position;
      }
      readers.stream().filter(r -> r.leftBehind).forEach(leftBehind::add);
      readers.removeAll(leftBehind);
    }
    forget();
  }

  @Override
  public void complete() {
    trim();
    finish(BodyReader.State.ENDED);
  }

  /** What was allocated ahead is not needed. */
  private synchronized void trim() {
    int last = pieces.length - 1;
    if (last >= 0) {
      Piece piece = pieces[last];
      int used = (int) (written - piece.start);
      Piece[] trimmed = pieces.clone();
      trimmed[last] = new Piece(arena.trim(piece.extent, used), piece.start);
      pieces = trimmed;
      occupied += trimmed[last].extent.capacity() - piece.extent.capacity();
    }
  }

  @Override
  public void abandon() {
    finish(BodyReader.State.BROKEN);
  }

  private void finish(BodyReader.State state) {
    writing = state;
    drained = null; // nothing of the exchange that has brought it stays here
    wakeReaders();
    release();
  }

  /** Whether as much has been written as there was to be. */
  boolean isWhole() {
    return expected < 0 || end == expected;
  }

  /** Whether all of it is here. */
  boolean isComplete() {
    return writing == BodyReader.State.ENDED && !passage;
  }

  /** Whether it is passed on, and not stored. */
  boolean isPassage() {
    return passage;
  }

  /** Whether it has grown longer than may be stored. */
  boolean isTooLong() {
    return written > maxOctets;
  }

  /** How much content there is so far. */
  long length() {
    return written;
  }

  /** How much memory it occupies, in octets. */
  long size() {
    return occupied;
  }

  /**
   * How much memory is set aside for it, in octets: what it will need, or if nobody knows, what it
   * has and some to grow into.
   */
  long claim() {
    long size = occupied;
    if (writing != BodyReader.State.OPEN) {
      return size;
    }
    if (expected >= 0) {
      return Math.max(size, expected);
    }
    long room = FIRST_ROOM;
    while (room < size) {
      room *= MORE_ROOM;
    }
    return Math.max(size, Math.min(room, maxOctets));
  }

  // Holding

  private synchronized boolean retain() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Holds it for one more response of the store; false if it is gone already. */
  synchronized boolean keep() {
    responses += retain() ? 1 : 0;
    return holders > 0;
  }

  /** One response of the store less. */
  void drop() {
    synchronized (this) {
      responses--;
    }
    release();
  }

  /** Whether no response of the store has it any more. */
  synchronized boolean isDropped() {
    return responses == 0;
  }

  /** Lets go of it; the last one gives the memory back. */
  private void release() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    for (Piece piece : pieces) {
      arena.free(piece.extent);
    }
    leftovers.forEach(piece -> arena.free(piece.extent));
  }

  // Reading

  /** A reader of the octets from {@code from} to {@code to}; null if they are gone. */
  synchronized @Nullable BodyReader read(long from, long to) {
    if (holders == 0 || passage) {
      return null;
    }
    holders++;
    Reader reader = new Reader(from, to);
    if (writing == BodyReader.State.OPEN) {
      readers.add(reader);
    }
    return reader;
  }

  /** Puts all of it into {@code target}; false if it is not complete, does not fit or is gone. */
  boolean copyTo(ByteBuffer target) {
    if (!isComplete() || written > target.remaining() || !retain()) {
      return false;
    }
    long left = written;
    for (Piece piece : pieces) {
      int octets = (int) Math.min(left, piece.extent.capacity());
      target.put(piece.extent.slice(0, octets));
      left -= octets;
    }
    release();
    return true;
  }

  private void wakeReaders() {
    List<Runnable> woken = new ArrayList<>(0);
    synchronized (this) {
      for (Reader reader : readers) {
        if (reader.ready != null) {
          woken.add(reader.ready);
          reader.ready = null;
        }
      }
    }
    Wakening.wake(woken);
  }

  /** Gives back what everybody has read of a passage, and lets the writer go on. */
  private void forget() {
    boolean caughtUp;
    synchronized (this) {
      long slowest = written;
      for (Reader reader : readers) {
        slowest = Math.min(slowest, reader.position);
      }
      int read = 0;
      while (read < pieces.length - 1 && pieces[read + 1].start <= slowest) {
        occupied -= pieces[read].extent.capacity();
        giveBack(pieces[read++]);
      }
      pieces = read == 0 ? pieces : Arrays.copyOfRange(pieces, read, pieces.length);
      boolean before = backlogged;
      backlogged = written - slowest > PASSAGE;
      caughtUp = before && !backlogged;
    }
    Runnable told = drained;
    if (caughtUp && told != null) {
      Wakening.wake(List.of(told));
    }
  }

  private void giveBack(Piece piece) {
    if (leftBehind.stream().anyMatch(reader -> reader.isIn(piece))) {
      leftovers.add(piece);
    } else {
      arena.free(piece.extent);
    }
  }

  private final class Reader implements BodyReader {
    private final long to;
    private long handedOut;
    private volatile long position;
    private @Nullable Runnable ready;

    /** Where it was when it was looked at last; -1 if it never was. */
    private long seenAt = -1;

    private volatile boolean leftBehind;

    Reader(long from, long to) {
      this.position = from;
      this.handedOut = from;
      this.to = to;
    }

    @Override
    public @Nullable ByteBuffer next(Runnable whenReady) {
      if (!goOn()) {
        return null;
      }
      if (passage) {
        forget();
      }
      long available = Math.min(written, to);
      if (position >= available) {
        await(whenReady);
        return null;
      }
      Piece piece = pieceAt(position);
      int from = (int) (position - piece.start);
      int until = (int) Math.min(piece.extent.capacity(), available - piece.start);
      handedOut = piece.start + until;
      return piece.extent.slice(from, until).asReadOnlyBuffer();
    }

    /** Is done with what it read last; false if there is no more for it. */
    private boolean goOn() {
      synchronized (MemoryBody.this) {
        position = handedOut;
        return !leftBehind;
      }
    }

    /** Whether the writer waits for it, and it has taken little since it was looked at. */
    private boolean isHoldingUp() {
      return written - position > PASSAGE && seenAt >= 0 && position - seenAt < PASSAGE;
    }

    private boolean isIn(Piece piece) {
      return piece.start <= position && position < piece.start + piece.extent.capacity();
    }

    private void await(Runnable whenReady) {
      synchronized (MemoryBody.this) {
        if (state() == State.OPEN && position >= written) {
          ready = whenReady;
          return;
        }
      }
      if (state() == State.OPEN) {
        whenReady.run(); // more has come meanwhile
      }
    }

    @Override
    public State state() {
      if (handedOut >= to) {
        return State.ENDED;
      }
      if (leftBehind) {
        return State.BROKEN;
      }
      State state = writing; // read first: nothing is written after the end
      return handedOut < written ? State.OPEN : state;
    }

    @Override
    public void close() {
      synchronized (MemoryBody.this) {
        readers.remove(this);
        MemoryBody.this.leftBehind.remove(this);
        ready = null;
      }
      if (passage) {
        forget();
      }
      release();
    }
  }

  private Piece pieceAt(long position) {
    Piece[] all = pieces;
    int low = 0;
    int high = all.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (all[middle].start <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return all[low];
  }
}
