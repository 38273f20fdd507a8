package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Upstreams;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWatchTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private final Looks looks = new Looks();
  private final List<String> reloaded = new ArrayList<>();
  private String served = "";
  private Path file;
  private long modified;
  private SettingsWatch watch;

  @BeforeEach
  void start() throws IOException {
    file = directory.resolve("settings.json");
    write("a");
    watch = new SettingsWatch(file, INTERVAL, this::isServed, this::reload, Runnable::run);
    watch.start(looks);
  }

  private boolean isServed() {
    String content = text();
    if (content.startsWith("wrong")) {
      throw new InvalidSettingsException(List.of(content));
    }
    return content.equals(served);
  }

  private void reload() {
    String content = text();
    reloaded.add(content);
    if (content.equals("overflow")) {
      throw new StackOverflowError();
    }
    if (content.startsWith("wrong")) {
      throw new InvalidSettingsException(List.of(content));
    }
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "wrong: not there";
    }
  }

  /** Each time is another one, however fast the test. */
  private void write(String content) throws IOException {
    Files.writeString(file, content);
    touch();
  }

  private void touch() throws IOException {
    modified += 1000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  @Test
  void theFirstLookReadsTheFileWhateverStandsInIt() {
    looks.next();
    looks.next();
    assertEquals(List.of("a"), reloaded);
  }

  @Test
  void theFirstLookLeavesAFileThatIsServedBy() throws IOException {
    served = "a";
    looks.next();
    assertEquals(List.of(), reloaded);
    write("b");
    looks.next();
    looks.next();
    write("a");
    looks.next();
    looks.next();
    assertEquals(List.of("b", "a"), reloaded);
  }

  @Test
  void whatIsWrongAtTheFirstLookIsToldByTheReload() throws IOException {
    write("wrong");
    looks.next();
    looks.next();
    assertEquals(List.of("wrong"), reloaded);
  }

  @Test
  void whoWantsItHasTheFileReadAtOnceWhateverStandsInIt() throws IOException {
    looks.next();
    watch.reloadNow();
    write("b");
    watch.reloadNow();
    looks.next();
    looks.next();
    assertEquals(List.of("a", "a", "b"), reloaded);
    write("wrong");
    assertThrows(InvalidSettingsException.class, watch::reloadNow);
  }

  @Test
  void whateverReadingItThrowsTheNextFileIsRead() throws IOException {
    write("overflow");
    looks.next();
    looks.next();
    write("good");
    looks.next();
    looks.next();
    assertEquals(List.of("overflow", "good"), reloaded);
  }

  @Test
  void aFileIsReadWhenItHasBeenTheSameForOneMoreLook() throws IOException {
    looks.next();
    write("half");
    looks.next();
    write("whole");
    looks.next();
    assertEquals(List.of("a"), reloaded);
    looks.next();
    looks.next();
    assertEquals(List.of("a", "whole"), reloaded);
  }

  @Test
  void theSameOctetsAreNoChange() throws IOException {
    looks.next();
    touch();
    looks.next();
    looks.next();
    assertEquals(List.of("a"), reloaded);
  }

  @Test
  void whatIsWrongIsTriedOnceAndAgainWhenTheFileHasChanged() throws IOException {
    looks.next();
    write("wrong");
    looks.next();
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong"), reloaded);
    touch(); // what it names may be there by now
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong", "wrong"), reloaded);
    write("b");
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong", "wrong", "b"), reloaded);
  }

  @Test
  void aFileThatGoesAndComesBackTheSameIsNoChange() throws IOException {
    looks.next();
    Files.delete(file);
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong: not there"), reloaded);
    write("a");
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong: not there"), reloaded);
  }

  @Test
  void nobodyLooksAfterTheEnd() {
    watch.stop();
    looks.next();
    assertTrue(looks.tasks.isEmpty());
    assertEquals(List.of(), reloaded);
  }

  /** Has looks happen one by one. */
  private static final class Looks implements Upstreams {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    void next() {
      tasks.remove().run();
    }

    @Override
    public void run(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
      assertEquals(INTERVAL, delay);
      tasks.add(task);
      return () -> tasks.remove(task);
    }

    @Override
    public void addresses(String host, Completion<List<InetAddress>> completion) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Runnable reach(
        Destination destination, Duration timeout, Completion<Destination> completion) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
      throw new UnsupportedOperationException();
    }
  }
}
