package io.tidegate.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BoundedFileTest {
  @TempDir private Path directory;

  @Test
  void aFileIsReadUpToItsBound() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, BoundedFile.read(file, 3).orElseThrow());
    assertEquals(Optional.empty(), BoundedFile.read(file, 2));
    Files.write(file, new byte[0]);
    assertEquals(0, BoundedFile.read(file, 0).orElseThrow().length);
  }

  @Test
  void whatIsNoFileCannotBeRead() {
    assertThrows(IOException.class, () -> BoundedFile.read(directory, 10));
    assertThrows(IOException.class, () -> BoundedFile.read(directory.resolve("none"), 10));
  }

  /** Its length is none, or so it says. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceWithoutEndIsTooLong() throws Exception {
    assertEquals(Optional.empty(), BoundedFile.read(Path.of("/dev/zero"), 1000));
  }
}
