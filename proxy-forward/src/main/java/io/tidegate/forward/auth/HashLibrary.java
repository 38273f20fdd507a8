package io.tidegate.forward.auth;

/** Whether the library that knows bcrypt and argon2 is there. */
final class HashLibrary {
  private static final String SAMPLE = "org.bouncycastle.crypto.generators.OpenBSDBCrypt";
  private static final boolean PRESENT = isPresent();

  private HashLibrary() {}

  /**
   * Demands it for hashes of {@code kind}.
   *
   * @throws IllegalArgumentException if it is not there
   */
  static void require(String kind) {
    if (!PRESENT) {
      throw new IllegalArgumentException(
          kind + " hash without the library org.bouncycastle:bcprov-jdk18on on the class path");
    }
  }

  private static boolean isPresent() {
    try {
      Class.forName(SAMPLE, false, HashLibrary.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
