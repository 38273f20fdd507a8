package io.tidegate.core.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file that only its owner may read and that has no name as soon as the platform allows
 * it, so that not even a crash leaves it behind. Made by the first write. Every method may block.
 */
final class SpoolFile {
  private static final int ATTEMPTS = 10;

  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);

  private final Path directory;
  private final RandomGenerator names;
  private @Nullable FileChannel channel;

  SpoolFile(Path directory, RandomGenerator names) {
    this.directory = directory;
    this.names = names;
  }

  /** Writes all of {@code octets} from {@code position} on; one call at a time. */
  void write(ByteBuffer[] octets, long position) throws IOException {
    FileChannel file = channel;
    if (file == null) {
      file = open();
      channel = file;
    }
    long at = position;
    for (ByteBuffer part : octets) {
      while (part.hasRemaining()) {
        at += file.write(part, at);
      }
    }
  }

  /** Fills {@code octets} with what was written from {@code position} on. */
  void read(ByteBuffer[] octets, long position) throws IOException {
    FileChannel file = channel;
    if (file == null) {
      throw new EOFException("nothing has been written");
    }
    long at = position;
    for (ByteBuffer part : octets) {
      while (part.hasRemaining()) {
        int n = file.read(part, at);
        if (n < 0) {
          throw new EOFException("the file has become shorter");
        }
        at += n;
      }
    }
  }

  /** Deletes it. */
  void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private FileChannel open() throws IOException {
    for (int attempt = 1; ; attempt++) {
      String name = "tidegate-" + Long.toHexString(names.nextLong()) + ".tmp";
      try {
        return FileChannel.open(directory.resolve(name), OPTIONS, forOwner());
      } catch (FileAlreadyExistsException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private FileAttribute<?>[] forOwner() {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
