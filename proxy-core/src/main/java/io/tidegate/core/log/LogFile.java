package io.tidegate.core.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that lines are appended to. If it was moved away or removed, a new one is begun with the
 * next lines.
 */
final class LogFile implements LineOutput {
  private static final System.Logger LOG = System.getLogger(LogFile.class.getName());

  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  /** A file that cannot be renamed is written on for so long before the next try. */
  private static final long AFTER_FAILURE_MILLIS = 60_000;

  private final Path path;
  private final RotationSettings rotation;
  private final ZoneId zone;
  private final InstantSource clock;
  private @Nullable FileChannel channel;
  private @Nullable Object key;
  private long size;
  private long endOfDay;
  private long notBefore;

  LogFile(Path path, RotationSettings rotation, ZoneId zone, InstantSource clock) {
    this.path = path;
    this.rotation = rotation;
    this.zone = zone;
    this.clock = clock;
  }

  @Override
  public void write(ByteBuffer lines) throws IOException {
    if (channel != null && isGone()) {
      close();
    }
    FileChannel file = opened();
    if (size > 0 && isComplete(lines.remaining())) {
      rotate();
      file = opened();
    }
    while (lines.hasRemaining()) {
      size += file.write(lines);
    }
  }

  @Override
  public void reopen() throws IOException {
    close();
    opened();
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(path, APPEND, ownerOnly());
      channel = open;
      BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
      key = is.fileKey();
      size = is.size();
      endOfDay = endOfDay(size == 0 ? clock.instant() : is.lastModifiedTime().toInstant());
    }
    return open;
  }

  /** What a new file is made with: nobody but owner and group reads who has asked for what. */
  private FileAttribute<?>[] ownerOnly() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
        }
        : new FileAttribute<?>[0];
  }

  /** Whether there is no file with our name any more, or it is another one. */
  private boolean isGone() throws IOException {
    try {
      return !Objects.equals(key, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private long endOfDay(Instant of) {
    return of.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private boolean isComplete(int more) {
    long now = clock.millis();
    boolean tooLong = rotation.maxBytes() > 0 && size + more > rotation.maxBytes();
    return now >= notBefore && (tooLong || (rotation.daily() && now >= endOfDay));
  }

  /**
   * Gives the file the number 1, and those in its way the next. Where there is a gap, nothing is in
   * the way: a file that cannot be renamed makes one, and costs no old file however often it is
   * tried.
   */
  private void rotate() throws IOException {
    close();
    try {
      int last = 1;
      while (last < rotation.keep() && Files.exists(numbered(last))) {
        last++;
      }
      for (int i = last - 1; i >= 1; i--) {
        Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(path, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      notBefore = clock.millis() + AFTER_FAILURE_MILLIS;
      LOG.log(Level.WARNING, "the access log " + path + " cannot be rotated", e);
    }
  }

  private Path numbered(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }
}
