package io.tidegate.forward.auth;

import io.tidegate.core.spi.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told that has to authenticate (RFC 9110 §11.7.1): a Proxy-Authenticate line for
 * each scheme, the strongest first.
 */
final class Challenges {
  private static final String NAME = "Proxy-Authenticate";

  private final boolean bearer;
  private final @Nullable Nonces nonces;
  private final boolean basic;
  private final String realm;
  private final Failure missing = denied("authentication is required");
  private final Failure wrong = denied("the credentials were not accepted");

  /**
   * Challenges for these schemes; Digest if there are nonces.
   *
   * @param realm visible characters of ASCII
   */
  Challenges(boolean bearer, @Nullable Nonces nonces, boolean basic, String realm) {
    this.bearer = bearer;
    this.nonces = nonces;
    this.basic = basic;
    this.realm = "realm=\"" + realm.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Failure denied(String detail) {
    return Failure.denied(detail).withStatus(407);
  }

  /** For a request without credentials, or with some that nobody can use here. */
  Failure missing() {
    return with(missing, "", "");
  }

  /** For credentials that are wrong. */
  Failure wrong() {
    return with(wrong, "", "");
  }

  /** For a token that is wrong (RFC 6750 §3.1). */
  Failure wrongToken() {
    return with(wrong, ", error=\"invalid_token\"", "");
  }

  /** For Digest credentials that are right, but for a nonce that is not good any more. */
  Failure stale() {
    return with(missing, "", ", stale=true");
  }

  private Failure with(Failure failure, String ofBearer, String ofDigest) {
    List<String> fields = new ArrayList<>(6);
    if (bearer) {
      fields.add(NAME);
      fields.add("Bearer " + realm + ofBearer);
    }
    if (nonces != null) {
      fields.add(NAME);
      fields.add(digest(nonces.next()) + ofDigest);
    }
    if (basic) {
      fields.add(NAME);
      fields.add("Basic " + realm + ", charset=\"UTF-8\"");
    }
    return failure.with(fields.toArray(String[]::new));
  }

  private String digest(String nonce) {
    return "Digest "
        + realm
        + ", qop=\"auth\", algorithm=SHA-256, nonce=\""
        + nonce
        + "\", charset=UTF-8, userhash=false";
  }
}
