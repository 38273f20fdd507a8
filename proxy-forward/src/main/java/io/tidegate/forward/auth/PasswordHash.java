package io.tidegate.forward.auth;

/** What is kept of a password. Checking takes long on purpose: never on an IO thread. */
interface PasswordHash {
  /** What may stand in a password file. */
  String EXPECTED = "a bcrypt ($2y$), PBKDF2 ($pbkdf2-sha256$) or argon2id ($argon2id$) hash";

  /** Whether it is the hash of {@code password}. */
  boolean matches(String password);

  /**
   * The hash that {@code text} spells out.
   *
   * @throws IllegalArgumentException if it is none that will do; the message says what it is
   *     instead, without showing it
   */
  static PasswordHash parse(String text) {
    if (text.startsWith("$2")) {
      return new BcryptHash(text);
    }
    if (text.startsWith("$pbkdf2-")) {
      return Pbkdf2Hash.parse(text);
    }
    if (text.startsWith("$argon2id$")) {
      return Argon2Hash.parse(text);
    }
    throw new IllegalArgumentException(kind(text));
  }

  private static String kind(String text) {
    if (text.startsWith("$apr1$") || text.startsWith("$1$")) {
      return "an MD5 hash";
    }
    if (text.startsWith("{SHA}") || text.startsWith("{SSHA}")) {
      return "a SHA-1 hash";
    }
    if (text.startsWith("$5$") || text.startsWith("$6$")) {
      return "a hash of crypt";
    }
    if (text.startsWith("$argon2")) {
      return "argon2 in another variant";
    }
    return text.isEmpty() ? "no hash" : "a plain password, or a hash of another kind";
  }
}
