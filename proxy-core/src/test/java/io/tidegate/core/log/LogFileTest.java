package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a log file is complete, and what becomes of it then. */
class LogFileTest {
  private static final Instant EVENING = Instant.parse("2026-11-22T21:59:59Z");

  @TempDir private Path directory;
  private Instant now = EVENING;

  private Path path() {
    return directory.resolve("log");
  }

  private LogFile file(RotationSettings rotation) {
    return new LogFile(path(), rotation, ZoneId.of("Africa/Cairo"), () -> now);
  }

  private static void write(LogFile file, String line) throws Exception {
    file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  private Map<String, String> files() throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        contents.put(one.getFileName().toString(), Files.readString(one));
      }
    }
    return contents;
  }

  @Test
  void aFileThatWouldGetTooLongIsNumberedAndTheOldestForgotten() throws Exception {
    LogFile file = file(new RotationSettings(1024, false, 2));
    String half = "x".repeat(511);
    write(file, "1" + half.substring(1));
    write(file, "2" + half.substring(1));
    assertEquals(1, files().size(), "1,024 octets are not too many");
    write(file, "3");
    write(file, "x".repeat(2000));
    write(file, "4");
    assertEquals(Map.of("log", "4\n", "log.1", "x".repeat(2000) + "\n", "log.2", "3\n"), files());
    file.close();
  }

  @Test
  void whatWasThereBeforeCounts() throws Exception {
    Files.writeString(path(), "x".repeat(1024));
    LogFile file = file(new RotationSettings(1024, false, 1));
    write(file, "1");
    assertEquals(Map.of("log", "1\n", "log.1", "x".repeat(1024)), files());
    file.close();
  }

  @Test
  void aLineLongerThanAFileMayBeStandsInTheFirstOne() throws Exception {
    LogFile file = file(new RotationSettings(1024, false, 2));
    write(file, "x".repeat(2000));
    assertEquals(Map.of("log", "x".repeat(2000) + "\n"), files());
    file.close();
  }

  @Test
  void aDayEndsAtMidnightOfTheZone() throws Exception {
    LogFile file = file(new RotationSettings(0, true, 3));
    write(file, "1");
    write(file, "2");
    now = now.plusSeconds(1);
    write(file, "3");
    write(file, "4");
    assertEquals(Map.of("log", "3\n4\n", "log.1", "1\n2\n"), files());
    file.close();
  }

  @Test
  void aFileOfYesterdayIsCompleteWhenItIsOpened() throws Exception {
    Files.writeString(path(), "old\n");
    Files.setLastModifiedTime(path(), FileTime.from(EVENING.minusSeconds(86_400)));
    LogFile file = file(new RotationSettings(0, true, 3));
    write(file, "1");
    assertEquals(Map.of("log", "1\n", "log.1", "old\n"), files());
    file.close();
  }

  @Test
  void withoutRotationNothingIsRenamed() throws Exception {
    LogFile file = file(RotationSettings.DEFAULT);
    write(file, "x".repeat(5000));
    now = now.plusSeconds(200_000);
    write(file, "1");
    assertEquals(Map.of("log", "x".repeat(5000) + "\n1\n"), files());
    file.close();
  }

  @Test
  void aFileThatCannotBeRenamedIsWrittenOnAndTriedAgainAfterAMinute() throws Exception {
    Path obstacle = Files.createDirectories(directory.resolve("log.1").resolve("full"));
    LogFile file = file(new RotationSettings(1024, false, 1));
    write(file, "x".repeat(1023));
    write(file, "1");
    assertEquals(Map.of("log", "x".repeat(1023) + "\n1\n"), files());
    Files.delete(obstacle);
    now = now.plusSeconds(59);
    write(file, "2");
    assertEquals(1, files().size());
    now = now.plusSeconds(1);
    write(file, "3");
    assertEquals(Map.of("log", "3\n", "log.1", "x".repeat(1023) + "\n1\n2\n"), files());
    file.close();
  }

  @Test
  void filesBehindAGapStayWhereTheyAre() throws Exception {
    Files.writeString(directory.resolve("log.2"), "2\n");
    Files.writeString(directory.resolve("log.3"), "3\n");
    Files.writeString(path(), "x".repeat(1024));
    LogFile file = file(new RotationSettings(1024, false, 3));
    write(file, "1");
    String complete = "x".repeat(1024);
    assertEquals(Map.of("log", "1\n", "log.1", complete, "log.2", "2\n", "log.3", "3\n"), files());
    write(file, "y".repeat(1023));
    String next = "1\n";
    assertEquals(
        Map.of("log", "y".repeat(1023) + "\n", "log.1", next, "log.2", complete, "log.3", "2\n"),
        files());
    file.close();
  }
}
