package io.tidegate.forward.auth;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks Digest credentials (RFC 7616 §3.4): SHA-256 with {@code qop=auth}. It is quick; names that
 * nobody has cost what others do.
 */
final class DigestCheck {
  /** What came out: with an identity they are right; else wrong, or right for a nonce of old. */
  record Outcome(@Nullable Identity identity, boolean stale) {
    static final Outcome WRONG = new Outcome(null, false);
    static final Outcome STALE = new Outcome(null, true);
  }

  private final String realm;
  private final Nonces nonces;
  private final DigestUsers.User nobody;

  /** Checks credentials for {@code realm}; a hash of {@code chance} stands in for unknown users. */
  DigestCheck(String realm, Nonces nonces, KeyedHash chance) {
    this.realm = realm;
    this.nonces = nonces;
    String hash = HexFormat.of().formatHex(chance.of(Ascii.octets(realm)));
    this.nobody = new DigestUsers.User(Identity.ANONYMOUS, hash);
  }

  /** Whether these use a nonce with which their user has authenticated. */
  boolean isProven(Credentials credentials) {
    String nonce = credentials.parameters().get("nonce");
    String name = name(credentials.parameters());
    return nonce != null && name != null && nonces.isUsedBy(name, nonce);
  }

  Outcome check(ClientRequest request, Credentials credentials, Supplier<DigestUsers> users) {
    Map<String, String> given = credentials.parameters();
    String name = name(given);
    long count = count(given.getOrDefault("nc", ""));
    if (name == null || count < 0 || !fits(given, request)) {
      return Outcome.WRONG;
    }
    DigestUsers.User known = users.get().find(name);
    String expected = response(known == null ? nobody : known, given, request);
    String response = given.getOrDefault("response", "").toLowerCase(Locale.ROOT);
    boolean right = MessageDigest.isEqual(Ascii.octets(expected), Ascii.octets(response));
    if (known == null || !right) {
      return Outcome.WRONG;
    }
    boolean good = nonces.take(given.getOrDefault("nonce", ""), count, name);
    return good ? new Outcome(known.identity(), false) : Outcome.STALE;
  }

  /** Whether they answer a challenge of ours, and are for this request. */
  private boolean fits(Map<String, String> given, ClientRequest request) {
    String uri = given.getOrDefault("uri", "");
    // Some programs put the path there even if the request target is a full URI.
    boolean sameTarget = uri.equals(request.head().target()) || uri.equals(request.pathAndQuery());
    return sameTarget
        && !uri.isEmpty()
        && realm.equals(given.get("realm"))
        && given.getOrDefault("algorithm", "").equalsIgnoreCase("SHA-256")
        && given.getOrDefault("qop", "").equalsIgnoreCase("auth")
        && !given.getOrDefault("userhash", "false").equalsIgnoreCase("true")
        && given.containsKey("cnonce");
  }

  private static String response(
      DigestUsers.User user, Map<String, String> given, ClientRequest request) {
    String what = sha256(request.head().method() + ":" + given.get("uri"));
    return sha256(
        String.join(
            ":",
            user.hash(),
            given.getOrDefault("nonce", ""),
            given.getOrDefault("nc", ""),
            given.getOrDefault("cnonce", ""),
            given.getOrDefault("qop", ""),
            what));
  }

  private static String sha256(String octets) {
    return DigestUsers.sha256(Ascii.octets(octets));
  }

  /** The name, in either of its forms (§3.4.4), or null if there is none or there are two. */
  private static @Nullable String name(Map<String, String> given) {
    String plain = given.get("username");
    String encoded = given.get("username*");
    if ((plain == null) == (encoded == null)) {
      return null;
    }
    return encoded == null ? BasicCredentials.text(plain == null ? "" : plain) : decoded(encoded);
  }

  /** {@code UTF-8''J%C3%BCrgen} (RFC 8187), or null. */
  private static @Nullable String decoded(String encoded) {
    if (!encoded.regionMatches(true, 0, "UTF-8'", 0, 6) || encoded.indexOf('\'', 6) < 0) {
      return null;
    }
    String name = encoded.substring(encoded.indexOf('\'', 6) + 1).replace("+", "%2B");
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The eight hexadecimal digits of a nonce count, or -1. */
  private static long count(String digits) {
    return digits.length() == 8 && digits.chars().allMatch(HexFormat::isHexDigit)
        ? Long.parseLong(digits, 16)
        : -1;
  }
}
