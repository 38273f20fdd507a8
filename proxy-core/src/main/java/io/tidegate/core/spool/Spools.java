package io.tidegate.core.spool;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * What the spools of one proxy share: the room they have, the directory of their files, and the
 * threads that wait for the disk. Thread-safe.
 */
public final class Spools {
  private static final System.Logger LOG = System.getLogger(Spools.class.getName());

  private volatile Path directory;
  private final Room memory;
  private final Room files;
  private final Executor disk;
  private final RandomGenerator names;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * Spools that read and write their files on {@code disk}, and name them with the help of {@code
   * names}.
   */
  public Spools(SpoolSettings settings, Executor disk, RandomGenerator names) {
    this.directory = directory(settings);
    this.memory = new Room(settings.maxMemoryBytes());
    this.files = new Room(settings.maxFileBytes());
    this.disk = disk;
    this.names = names;
  }

  private static Path directory(SpoolSettings settings) {
    return Path.of(settings.directory().orElseGet(() -> System.getProperty("java.io.tmpdir")));
  }

  /** Keeps to {@code settings} from now on; what is kept already stays where it is, and counts. */
  public void change(SpoolSettings settings) {
    directory = directory(settings);
    memory.change(settings.maxMemoryBytes());
    files.change(settings.maxFileBytes());
  }

  /** How much memory all of them occupy, in octets. */
  public long memoryUsed() {
    return memory.used();
  }

  /** How many octets all of them have in files. */
  public long filesUsed() {
    return files.used();
  }

  Room memory() {
    return memory;
  }

  Room files() {
    return files;
  }

  Executor disk() {
    return disk;
  }

  SpoolFile newFile() {
    return new SpoolFile(directory, names);
  }

  /** Says once that the disk fails, until it has worked again: each exchange would say the same. */
  void failed(IOException cause) {
    if (failing.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "a temporary file in " + directory + " has failed", cause);
    }
  }

  void worked() {
    if (failing.get()) {
      failing.set(false);
    }
  }
}
