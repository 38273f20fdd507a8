package io.tidegate.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files as a whole, if they are no longer than they may be. It blocks. */
public final class BoundedFile {
  private BoundedFile() {}

  /**
   * What stands in {@code file}; empty if that is more than {@code mostOctets}. The length a file
   * says it has does not count: it may grow meanwhile, and a device has none.
   *
   * @throws IOException if it cannot be read
   */
  public static Optional<byte[]> read(Path file, int mostOctets) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(mostOctets + 1);
      return octets.length > mostOctets ? Optional.empty() : Optional.of(octets);
    }
  }
}
