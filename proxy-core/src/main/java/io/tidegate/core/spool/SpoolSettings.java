package io.tidegate.core.spool;

import io.tidegate.core.spi.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the buffered content of all exchanges of a proxy may occupy.
 *
 * @param directory where temporary files are made; empty for the platform's own directory
 * @param maxMemoryBytes the most memory in octets; what comes beyond goes to files at once
 * @param maxFileBytes the most octets in files
 */
public record SpoolSettings(Optional<String> directory, long maxMemoryBytes, long maxFileBytes) {
  /** What an uncalled builder method means. */
  public static final SpoolSettings DEFAULT =
      new SpoolSettings(Optional.empty(), 64L << 20, 10L << 30);

  /** Rejects what cannot work. */
  public SpoolSettings {
    Checks checks =
        new Checks()
            .atLeast("maxBufferMemoryBytes", maxMemoryBytes, 0)
            .atLeast("maxBufferFileBytes", maxFileBytes, 0);
    directory
        .filter(name -> name.isBlank() || name.indexOf('\0') >= 0)
        .ifPresent(name -> checks.reject("bufferDirectory", name, "the path of a directory"));
    checks.done();
  }

  /**
   * Makes the directory if it is not there, and notes in {@code checks} if no files can be made in
   * it.
   */
  public void prepareDirectory(Checks checks) {
    directory
        .filter(name -> !isUsable(name))
        .ifPresent(name -> checks.reject("directory", name, "a directory to write to"));
  }

  private static boolean isUsable(String name) {
    try {
      return Files.isWritable(Files.createDirectories(Path.of(name)));
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }
}
