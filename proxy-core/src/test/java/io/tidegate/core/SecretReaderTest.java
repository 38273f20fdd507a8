package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretReaderTest {
  @TempDir private Path directory;

  private static String read(Secret secret) {
    Checks checks = new Checks();
    String read = SecretReader.read(secret, "token", checks);
    checks.done();
    return read;
  }

  private String read(String content) throws Exception {
    return read(Secret.file(Files.writeString(directory.resolve("secret"), content).toString()));
  }

  @ParameterizedTest(name = "[{0}]")
  @CsvSource({"s,s", "s\\n,s", "s\\r\\n,s", "s\\n\\n,s\\n", "s\\r,s\\r", "'',''", "\\n,''"})
  void ofAFileTheLineBreakAtTheEndIsLeftOut(String content, String secret) throws Exception {
    assertEquals(secret.translateEscapes(), read(content.translateEscapes()));
  }

  @Test
  void aFileOfMoreThanSixtyFourKibibytesIsNoSecret() throws Exception {
    assertEquals(64 << 10, read("s".repeat(64 << 10)).length());
    InvalidSettingsException refused =
        assertThrows(InvalidSettingsException.class, () -> read("s".repeat((64 << 10) + 1)));
    assertEquals(
        List.of(
            "token: file " + directory.resolve("secret") + " (expected: a file of at most 64 KiB)"),
        refused.problems());
  }

  @Test
  void aFileThatIsNotThereIsToldByItsName() {
    InvalidSettingsException refused =
        assertThrows(InvalidSettingsException.class, () -> read(Secret.file("/nowhere/a")));
    assertEquals(
        List.of("token: file /nowhere/a (expected: a file in UTF-8 that can be read)"),
        refused.problems());
  }
}
