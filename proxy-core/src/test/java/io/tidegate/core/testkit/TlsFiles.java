package io.tidegate.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The keys and certificates beside {@code README.md} in {@code io/tidegate/core/tls}, as files in a
 * directory of a test's own.
 */
public record TlsFiles(Path directory) {
  /** The file of this name, as it is among the resources. */
  public Path file(String name) {
    Path file = directory.resolve(name);
    return Files.exists(file) ? file : put(name, name);
  }

  /** Puts what is called {@code content} among the resources in place of {@code name}, at once. */
  public Path put(String name, String content) {
    Path file = directory.resolve(name);
    try (InputStream in = TlsFiles.class.getResourceAsStream("/io/tidegate/core/tls/" + content)) {
      Path written = Files.createTempFile(directory, "new", null);
      Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
      return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
