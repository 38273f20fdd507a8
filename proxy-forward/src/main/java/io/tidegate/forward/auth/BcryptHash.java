package io.tidegate.forward.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** bcrypt, as {@code htpasswd -B} makes it. Of a password its first 72 octets count. */
final class BcryptHash implements PasswordHash {
  private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final int MOST_OCTETS = 72;

  /** Beyond, a single check would take a minute. */
  private static final int HIGHEST_COST = 20;

  private final String text;

  BcryptHash(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a malformed bcrypt hash");
    }
    int cost = Integer.parseInt(form.group(1));
    if (cost < 4 || cost > HIGHEST_COST) {
      throw new IllegalArgumentException("a bcrypt hash with a cost of " + cost + ", not 4 to 20");
    }
    HashLibrary.require("a bcrypt");
    this.text = text;
  }

  @Override
  public boolean matches(String password) {
    byte[] octets = password.getBytes(StandardCharsets.UTF_8);
    return OpenBSDBCrypt.checkPassword(
        text, octets.length > MOST_OCTETS ? Arrays.copyOf(octets, MOST_OCTETS) : octets);
  }
}
