package io.tidegate.core.wire;

import io.tidegate.core.http.Authority;

/** What a SOCKS client says, in this order; one of version 4 has only a request. */
public sealed interface SocksMessage {
  /**
   * The ways of authentication it knows (RFC 1928 §3), as far as we do.
   *
   * @param none it can go on without
   * @param password it can show a user name and a password
   */
  record Greeting(boolean none, boolean password) implements SocksMessage {}

  /**
   * A user name and a password (RFC 1929).
   *
   * @param basic both, as HTTP has them: {@code Basic dXNlcjpwYXNzd29yZA==} (RFC 7617)
   */
  record Credentials(String basic) implements SocksMessage {
    /** Tells nothing: it is a secret. */
    @Override
    public String toString() {
      return "credentials";
    }
  }

  /**
   * Where it wants a connection to (RFC 1928 §4).
   *
   * @param authority host and port
   */
  record Request(Authority authority) implements SocksMessage {}
}
