package io.tidegate.forward.auth;

import io.tidegate.core.spi.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users who have passwords. Immutable. */
final class Users {
  /** How a user proves to be one. */
  record User(Identity identity, PasswordHash hash) {}

  private final Map<String, User> byName;
  private final List<PasswordHash> hashes;
  private final KeyedHash chance;

  /** These, by their names. */
  Users(Map<String, User> byName, KeyedHash chance) {
    this.byName = Map.copyOf(byName);
    this.hashes = byName.values().stream().map(User::hash).toList();
    this.chance = chance;
  }

  /**
   * The user with this name and password, or null. Takes long, and as long if there is no such
   * name.
   */
  @Nullable Identity find(String name, String password) {
    User user = byName.get(name);
    if (user != null) {
      return user.hash().matches(password) ? user.identity() : null;
    }
    if (!hashes.isEmpty()) {
      standIn(name).matches(password);
    }
    return null;
  }

  /**
   * The hash of somebody else, always of the same one for a name: unknown names are of the same
   * kinds, in the same proportion, as known ones.
   */
  private PasswordHash standIn(String name) {
    long number = chance.fingerprint(name.getBytes(StandardCharsets.UTF_8)).high();
    return hashes.get((int) Long.remainderUnsigned(number, hashes.size()));
  }
}
