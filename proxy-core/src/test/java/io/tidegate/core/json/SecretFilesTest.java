package io.tidegate.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretFilesTest {
  private record User(String file, Optional<Secret> password) {}

  private record All(
      Secret token, List<User> users, Map<String, Secret> named, Optional<User> no) {}

  private static User user(Secret password) {
    return new User("user", Optional.of(password));
  }

  @Test
  void theyAreFoundWhereverTheyStandEachOnce() {
    All settings =
        new All(
            Secret.file("token"),
            List.of(user(Secret.file("alice")), user(Secret.file("token"))),
            Map.of("c", Secret.file("carol")),
            Optional.empty());
    assertEquals(
        List.of(Path.of("token"), Path.of("alice"), Path.of("carol")), SecretFiles.of(settings));
  }

  @Test
  void whatStandsElsewhereAndWhatCanBeNoFileIsLeftOut() {
    All settings =
        new All(
            Secret.environment("HOME"),
            List.of(user(Secret.of("alice"))),
            Map.of("c", Secret.file("a\0b")),
            Optional.of(new User("user", Optional.empty())));
    assertEquals(List.of(), SecretFiles.of(settings));
  }
}
