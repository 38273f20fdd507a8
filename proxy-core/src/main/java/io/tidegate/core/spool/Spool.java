package io.tidegate.core.spool;

import io.tidegate.core.io.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Content that waits for a slow peer: the first of it stays in memory, what comes next goes to a
 * temporary file, and the last, which is not in the file yet, is in memory as well. For the thread
 * of its loop; files are read and written on other threads, and nothing here waits for them.
 *
 * <p>{@link #write} never refuses anything: whoever writes pauses when the spool is {@link
 * #isBacklogged}. A spool that passes content on forgets everything as soon as all of it has been
 * read, and begins anew.
 */
public final class Spool {
  /** Told, on the thread of the loop, about what happens after a call has returned. */
  public interface Owner {
    /** It is not backlogged any more. */
    void drained();

    /** It keeps no more from now on; what was written is there all the same. */
    void exceeded(Excess why);
  }

  /** Why a spool keeps no more. */
  public enum Excess {
    /** It has as much as it may have. */
    OF_ITS_OWN,
    /** All spools together have as much as they may have. */
    OF_ALL,
    /** Its file could not be written. */
    OF_DISK
  }

  /** So much waits before it is written to the file: less is not worth it. */
  private static final int BATCH = 64 << 10;

  /** So much may wait for the disk. */
  private static final int MOST_WAITING = 256 << 10;

  private static final int BUFFER = BufferPool.SIZE;

  private interface DiskTask {
    void run() throws IOException;
  }

  private final Spools shared;
  private final BufferPool buffers;
  private final Executor loop;
  private final long memoryBytes;
  private final long maxLength;
  private final boolean mayUseFile;
  private final boolean passing;
  private final Owner owner;
  private final List<Reader> readers = new ArrayList<>(1);

  /** The first octets, up to {@link #inMemory}; of each buffer what was written may be read. */
  private final List<ByteBuffer> first = new ArrayList<>();

  private long inMemory;

  /** What follows in the file. */
  private long inFile;

  /** What follows that, and has still to be written there; buffers ready to be read. */
  private final ArrayDeque<ByteBuffer> last = new ArrayDeque<>();

  private long length;
  private boolean memoryFull;
  private @Nullable SpoolFile file;
  private long fileRoom;
  private boolean broken;
  private @Nullable Excess excess;

  /** How many buffers of {@link #last} are being written now. */
  private int writing;

  private int tasks;
  private boolean closed;

  /**
   * An empty spool.
   *
   * @param buffers those of the loop
   * @param loop runs tasks on the thread that uses the spool
   * @param memoryBytes how many octets it keeps in memory
   * @param fileBytes how many octets more it keeps in a file
   * @param passing whether content is read once, and forgotten when all of it has been read
   */
  public Spool(
      Spools shared,
      BufferPool buffers,
      Executor loop,
      long memoryBytes,
      long fileBytes,
      boolean passing,
      Owner owner) {
    this.shared = shared;
    this.buffers = buffers;
    this.loop = loop;
    this.memoryBytes = memoryBytes;
    this.maxLength = memoryBytes + fileBytes;
    this.mayUseFile = fileBytes > 0;
    this.passing = passing;
    this.owner = owner;
  }

  // Writing

  /** Takes all of {@code data}. */
  public void write(ByteBuffer data) {
    if (closed) {
      data.position(data.limit());
      return;
    }
    length += data.remaining();
    while (data.hasRemaining()) {
      if (!keepInMemory(data)) {
        keepForFile(data);
      }
    }
    if (length > maxLength || (memoryFull && !mayUseFile && !last.isEmpty())) {
      exceed(length > maxLength ? Excess.OF_ITS_OWN : Excess.OF_ALL);
    }
    writeFile();
  }

  private boolean keepInMemory(ByteBuffer data) {
    if (memoryFull || inMemory == memoryBytes) {
      return false;
    }
    int offset = (int) (inMemory % BUFFER);
    if (offset == 0) {
      memoryFull = !shared.memory().take(BUFFER);
      if (memoryFull) {
        return false;
      }
      first.add(buffers.take());
    }
    ByteBuffer buffer = first.get(first.size() - 1);
    long room = Math.min(BUFFER - offset, memoryBytes - inMemory);
    int n = (int) Math.min(room, data.remaining());
    buffer.put(offset, data, data.position(), n);
    data.position(data.position() + n);
    inMemory += n;
    return true;
  }

  /** What is being written stays as it is: more goes to another buffer. */
  private void keepForFile(ByteBuffer data) {
    ByteBuffer buffer = last.size() > writing ? last.peekLast() : null;
    if (buffer == null || buffer.limit() == buffer.capacity()) {
      shared.memory().exceed(BUFFER);
      buffer = buffers.take().limit(0);
      last.addLast(buffer);
    }
    int offset = buffer.limit();
    int n = Math.min(buffer.capacity() - offset, data.remaining());
    buffer.limit(offset + n);
    buffer.put(offset, data, data.position(), n);
    data.position(data.position() + n);
  }

  /** Whether it is time to pause until {@link Owner#drained}. */
  public boolean isBacklogged() {
    return excess != null || waiting() >= MOST_WAITING;
  }

  /** Why it keeps no more; null if it does. What has been written can be read all the same. */
  public @Nullable Excess excess() {
    return excess;
  }

  /** How much was written since it was empty, in octets. */
  public long length() {
    return length;
  }

  private long waiting() {
    return length - inMemory - inFile;
  }

  private void exceed(Excess why) {
    if (excess == null) {
      excess = why;
      owner.exceeded(why);
    }
  }

  private void writeFile() {
    if (writing > 0 || closed || excess != null || waiting() < BATCH) {
      return;
    }
    if (broken) {
      exceed(Excess.OF_DISK);
      return;
    }
    long needed = inFile + waiting() - fileRoom;
    if (needed > 0 && !shared.files().take(needed)) {
      exceed(Excess.OF_ALL);
      return;
    }
    fileRoom += Math.max(0, needed);
    SpoolFile target = file == null ? shared.newFile() : file;
    file = target;
    ByteBuffer[] batch = last.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
    writing = batch.length;
    long from = inFile;
    onDisk(() -> target.write(batch, from), this::written);
  }

  private void written(@Nullable IOException failure) {
    boolean before = isBacklogged();
    int count = failure == null ? writing : 0;
    writing = 0;
    broken |= failure != null;
    for (int i = 0; i < count; i++) {
      ByteBuffer buffer = last.removeFirst();
      inFile += buffer.limit();
      give(buffer);
    }
    writeFile();
    forgetIfRead();
    if (before && !isBacklogged()) {
      owner.drained();
    }
  }

  /** Runs {@code task} where it may block, and then {@code told} on our own thread. */
  private void onDisk(DiskTask task, Consumer<@Nullable IOException> told) {
    tasks++;
    try {
      shared.disk().execute(() -> run(task, told));
    } catch (RejectedExecutionException e) { // the proxy has been stopped
      loop.execute(() -> ended(new IOException("the proxy has been stopped", e), told));
    }
  }

  private void run(DiskTask task, Consumer<@Nullable IOException> told) {
    IOException failure = null;
    try {
      task.run();
      shared.worked();
    } catch (IOException e) {
      failure = e;
      shared.failed(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      failure = new IOException(e);
      shared.failed(failure);
    }
    IOException outcome = failure;
    try {
      loop.execute(() -> ended(outcome, told));
    } catch (RejectedExecutionException e) { // the loop has ended, and nobody else is left
      closeFile();
    }
  }

  private void ended(@Nullable IOException failure, Consumer<@Nullable IOException> told) {
    tasks--;
    if (closed) {
      release();
    } else {
      told.accept(failure);
    }
  }

  // Reading

  /** A reader of all that was written and will be, from the beginning. */
  public ContentReader read() {
    Reader reader = new Reader();
    readers.add(reader);
    return reader;
  }

  /** Reads a spool; on the thread of its loop. */
  private final class Reader implements ContentReader {
    private static final int WINDOW = 4;

    private long position;

    /** What was read from the file last: {@link #windowLength} octets from {@link #windowStart}. */
    private final List<ByteBuffer> window = new ArrayList<>(0);

    private long windowStart;
    private long windowLength;
    private boolean loading;
    private boolean failed;
    private boolean done;

    @Override
    public @Nullable ByteBuffer next(Runnable ready) {
      if (position == length) {
        forgetIfRead();
        return null;
      }
      if (failed || loading || closed) {
        return null;
      }
      ByteBuffer part = position < inMemory ? partOfFirst() : partOfRest(ready);
      if (part != null) {
        position += part.remaining();
      }
      return part;
    }

    private ByteBuffer partOfFirst() {
      ByteBuffer buffer = first.get((int) (position / BUFFER));
      int offset = (int) (position % BUFFER);
      return buffer.slice(offset, (int) Math.min(BUFFER - offset, inMemory - position));
    }

    private @Nullable ByteBuffer partOfRest(Runnable ready) {
      long inWindow = position - windowStart;
      if (inWindow < windowLength) {
        int offset = (int) (inWindow % BUFFER);
        int most = (int) Math.min(BUFFER - offset, windowLength - inWindow);
        return window.get((int) (inWindow / BUFFER)).slice(offset, most);
      }
      giveWindow();
      if (position < inMemory + inFile) {
        load(ready);
        return null;
      }
      return partOfLast(position - inMemory - inFile);
    }

    private ByteBuffer partOfLast(long from) {
      long offset = from;
      for (ByteBuffer buffer : last) {
        if (offset < buffer.limit()) {
          return buffer.slice((int) offset, buffer.limit() - (int) offset);
        }
        offset -= buffer.limit();
      }
      throw new IllegalStateException("octets that are nowhere");
    }

    private void load(Runnable ready) {
      SpoolFile source = file;
      if (source == null) {
        throw new IllegalStateException("octets in a file that is not there");
      }
      long from = position - inMemory;
      long size = Math.min((long) WINDOW * BUFFER, inFile - from);
      List<ByteBuffer> parts = new ArrayList<>(WINDOW);
      for (long left = size; left > 0; left -= BUFFER) {
        shared.memory().exceed(BUFFER);
        ByteBuffer buffer = buffers.take();
        window.add(buffer);
        parts.add(buffer.slice(0, (int) Math.min(left, BUFFER)));
      }
      loading = true;
      ByteBuffer[] targets = parts.toArray(ByteBuffer[]::new);
      onDisk(() -> source.read(targets, from), failure -> loaded(failure, size, ready));
    }

    private void loaded(@Nullable IOException failure, long size, Runnable ready) {
      loading = false;
      if (done) {
        leave();
        return;
      }
      failed = failure != null;
      windowStart = position;
      windowLength = failed ? 0 : size;
      ready.run();
    }

    private void giveWindow() {
      window.forEach(Spool.this::give);
      window.clear();
      windowStart = 0;
      windowLength = 0;
    }

    @Override
    public boolean isAtEnd() {
      return position == length;
    }

    @Override
    public long left() {
      return length - position;
    }

    @Override
    public boolean isBroken() {
      return failed;
    }

    @Override
    public void close() {
      if (!done) {
        done = true;
        if (!loading) {
          leave();
        }
      }
    }

    private void leave() {
      giveWindow();
      readers.remove(this);
    }
  }

  /** Begins anew if all has been read; not while the file is written, which has octets of ours. */
  private void forgetIfRead() {
    if (!passing || length == 0 || writing > 0) {
      return;
    }
    for (Reader reader : readers) {
      if (reader.position < length) {
        return;
      }
    }
    giveAll();
    for (Reader reader : readers) {
      reader.position = 0;
    }
    inMemory = 0;
    inFile = 0;
    length = 0;
    memoryFull = false;
    excess = null;
  }

  private void giveAll() {
    first.forEach(this::give);
    first.clear();
    last.forEach(this::give);
    last.clear();
    readers.forEach(Reader::giveWindow);
  }

  private void give(ByteBuffer buffer) {
    shared.memory().give(BUFFER);
    buffers.give(buffer);
  }

  /** Forgets everything; nobody is told anything any more. */
  public void close() {
    if (!closed) {
      closed = true;
      if (tasks == 0) {
        release();
      }
    }
  }

  /** Buffers that a thread reads or writes are given back when it has done so. */
  private void release() {
    if (tasks > 0) {
      return;
    }
    giveAll();
    if (file != null) {
      try {
        shared.disk().execute(this::closeFile);
      } catch (RejectedExecutionException e) { // the proxy has been stopped
        closeFile();
      }
    }
  }

  private void closeFile() {
    SpoolFile open = file;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        shared.failed(e);
      }
    }
    shared.files().give(fileRoom);
  }
}
