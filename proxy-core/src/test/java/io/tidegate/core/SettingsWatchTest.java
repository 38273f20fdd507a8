package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.Looks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWatchTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private Looks looks;
  private final List<String> reloaded = new ArrayList<>();
  private Runnable onceReloaded = () -> {};
  private Said served = Said.of("");
  private Path file;
  private long modified;
  private SettingsWatch<Said> watch;

  @BeforeEach
  void start() throws IOException {
    file = directory.resolve("settings.json");
    write("a");
    startAnew();
  }

  private void startAnew() {
    looks = new Looks();
    watch =
        new SettingsWatch<>(file, INTERVAL, this::said, () -> served, this::reload, Runnable::run);
    watch.start(looks);
  }

  /** Settings that consist of a word, and of a secret if there is the path of one behind it. */
  private record Said(String word, Optional<Secret> secret) {
    static Said of(String text) {
      String[] parts = text.split(" ", 2);
      return new Said(parts[0], Stream.of(parts).skip(1).map(Secret::file).findFirst());
    }
  }

  private Said said() {
    String content = text();
    if (content.startsWith("wrong")) {
      throw new InvalidSettingsException(List.of(content));
    }
    return Said.of(content);
  }

  private void reload(Supplier<Said> read) {
    reloaded.add(text().replaceFirst(" /.*", ""));
    Runnable told = onceReloaded;
    onceReloaded = () -> {};
    told.run();
    if (read.get().word().equals("overflow")) {
      throw new StackOverflowError();
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
    write(file, content);
  }

  /** Each time is another one, however fast the test. */
  private void write(Path at, String content) throws IOException {
    Files.writeString(at, content);
    touch(at);
  }

  private void touch(Path at) throws IOException {
    modified += 1000;
    Files.setLastModifiedTime(at, FileTime.fromMillis(modified));
  }

  @Test
  void aLookComesAnIntervalAfterTheLastOne() {
    assertEquals(INTERVAL, looks.next());
    assertEquals(INTERVAL, looks.next());
  }

  @Test
  void theFirstLookReadsTheFileWhateverStandsInIt() {
    looks.next();
    looks.next();
    assertEquals(List.of("a"), reloaded);
  }

  @Test
  void theFirstLookLeavesAFileThatIsServedBy() throws IOException {
    served = Said.of("a");
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
  void whoIsToldOfAReloadMayWaitForSomebodyWhoWantsAnother() {
    onceReloaded =
        () -> CompletableFuture.runAsync(watch::reloadNow).orTimeout(10, TimeUnit.SECONDS).join();
    looks.next();
    assertEquals(List.of("a", "a"), reloaded);
    watch.reloadNow();
    assertEquals(List.of("a", "a", "a"), reloaded);
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
  void aFileThatIsTouchedIsReadThoughTheSameStandsInIt() throws IOException {
    looks.next();
    touch(file);
    looks.next();
    assertEquals(List.of("a"), reloaded);
    looks.next();
    looks.next();
    assertEquals(List.of("a", "a"), reloaded);
  }

  @Test
  void whatIsWrongIsTriedOnceAndAgainWhenTheFileHasChanged() throws IOException {
    looks.next();
    write("wrong");
    looks.next();
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong"), reloaded);
    touch(file); // what it names may be there by now
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong", "wrong"), reloaded);
    write("b");
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong", "wrong", "b"), reloaded);
  }

  @Test
  void aFileThatGoesIsMissedOnceAndReadWhenItComesBack() throws IOException {
    looks.next();
    Files.delete(file);
    looks.next();
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong: not there"), reloaded);
    write("a");
    looks.next();
    looks.next();
    looks.next();
    assertEquals(List.of("a", "wrong: not there", "a"), reloaded);
  }

  @Test
  void aSecretThatIsWrittenIsAChangeOnceItRests() throws IOException {
    Path secret = directory.resolve("secret");
    write(secret, "old");
    write("a " + secret);
    looks.next();
    looks.next();
    write(secret, "ne");
    looks.next();
    write(secret, "new");
    looks.next();
    assertEquals(List.of("a"), reloaded);
    looks.next();
    looks.next();
    assertEquals(List.of("a", "a"), reloaded);
  }

  @Test
  void aSecretOfTheSettingsThatAreServedIsLookedAtFromTheStart() throws IOException {
    Path secret = directory.resolve("secret");
    write(secret, "old");
    write("a " + secret);
    served = said();
    startAnew();
    looks.next();
    assertEquals(List.of(), reloaded);
    write(secret, "new");
    looks.next();
    looks.next();
    assertEquals(List.of("a"), reloaded);
  }

  @Test
  void aSecretThatWasMissingIsTriedWhenItIsThere() throws IOException {
    Path secret = directory.resolve("secret");
    write("a " + secret);
    looks.next();
    looks.next();
    write(secret, "there");
    looks.next();
    looks.next();
    assertEquals(List.of("a", "a"), reloaded);
  }

  @Test
  void aSecretThatIsNamedNoMoreIsNotLookedAt() throws IOException {
    Path secret = directory.resolve("secret");
    write(secret, "old");
    write("a " + secret);
    looks.next();
    looks.next();
    write("b");
    looks.next();
    looks.next();
    write(secret, "new");
    looks.next();
    looks.next();
    assertEquals(List.of("a", "b"), reloaded);
  }

  @Test
  void nobodyLooksAfterTheEnd() {
    watch.stop();
    looks.next();
    assertTrue(looks.areOver());
    assertEquals(List.of(), reloaded);
  }
}
