package io.tidegate.forward.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * argon2id (RFC 9106) as {@code $argon2id$v=19$m=65536,t=3,p=4$salt$hash}; salt and hash in Base64.
 */
final class Argon2Hash implements PasswordHash {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,4}),p=(\\d{1,3})"
              + "\\$([/+A-Za-z0-9]+=*)\\$([/+A-Za-z0-9]+=*)");

  /** In KiB, of which each check under way occupies so many. */
  private static final int MOST_MEMORY = 256 << 10;

  private static final int MOST_PASSES = 100;
  private static final int MOST_LANES = 64;

  private final int memory;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2Hash(int memory, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memory = memory;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  static Argon2Hash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a malformed argon2id hash, or one of another version");
    }
    int memory = Integer.parseInt(form.group(1));
    int passes = Integer.parseInt(form.group(2));
    int lanes = Integer.parseInt(form.group(3));
    if (lanes < 1 || lanes > MOST_LANES || memory < 8 * lanes || memory > MOST_MEMORY) {
      throw new IllegalArgumentException(
          "an argon2id hash with m=" + memory + ", p=" + lanes + ", not 8p to 262144 and 1 to 64");
    }
    if (passes < 1 || passes > MOST_PASSES) {
      throw new IllegalArgumentException("an argon2id hash with t=" + passes + ", not 1 to 100");
    }
    HashLibrary.require("an argon2id");
    byte[] salt = HashText.octets(form.group(4), 8, 64, "an argon2id");
    byte[] hash = HashText.octets(form.group(5), 16, 64, "an argon2id");
    return new Argon2Hash(memory, passes, lanes, salt, hash);
  }

  @Override
  public boolean matches(String password) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] derived = new byte[hash.length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), derived);
    return MessageDigest.isEqual(hash, derived);
  }
}
