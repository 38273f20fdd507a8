package io.tidegate.core;

import io.tidegate.core.io.BoundedFile;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Reads secrets from where they stand. It blocks: for what happens when a proxy is built. */
public final class SecretReader {
  private static final int MAX_BYTES = 64 << 10;

  private SecretReader() {}

  /**
   * The secret itself; one that cannot be read is noted in {@code checks} under {@code setting},
   * and empty.
   */
  public static String read(Secret secret, String setting, Checks checks) {
    return switch (secret.source()) {
      case VALUE -> secret.text();
      case ENVIRONMENT -> fromEnvironment(secret, setting, checks);
      case FILE -> fromFile(secret, setting, checks);
    };
  }

  private static String fromEnvironment(Secret secret, String setting, Checks checks) {
    String value = System.getenv(secret.text());
    if (value == null) {
      checks.reject(setting, secret, "an environment variable that is set");
    }
    return Objects.requireNonNullElse(value, "");
  }

  private static String fromFile(Secret secret, String setting, Checks checks) {
    try {
      Optional<byte[]> octets = BoundedFile.read(Path.of(secret.text()), MAX_BYTES);
      if (octets.isEmpty()) {
        checks.reject(setting, secret, "a file of at most 64 KiB");
        return "";
      }
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.get())).toString();
      return text.endsWith("\r\n")
          ? text.substring(0, text.length() - 2)
          : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException | InvalidPathException e) {
      checks.reject(setting, secret, "a file in UTF-8 that can be read");
      return "";
    }
  }
}
