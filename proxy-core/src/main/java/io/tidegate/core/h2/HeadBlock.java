package io.tidegate.core.h2;

import io.tidegate.core.http.FieldEdits;
import org.jspecify.annotations.Nullable;

/**
 * A field section on its way out (RFC 9113 §8.3): pseudo-header fields first, then the others, as
 * HPACK writes them. Names are sent in lower case; connection-specific fields are the caller's
 * affair. One for each session, reused.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class HeadBlock {
  HeadBlock() {}

  /** Starts a request; what is null is left out. */
  public HeadBlock request(
      String method, @Nullable String scheme, String authority, @Nullable String path) {
    throw new UnsupportedOperationException();
  }

  /** Names the protocol that an extended CONNECT asks for (RFC 8441), after {@link #request}. */
  public HeadBlock protocol(String protocol) {
    throw new UnsupportedOperationException();
  }

  /** Starts a response. */
  public HeadBlock status(int status) {
    throw new UnsupportedOperationException();
  }

  /** The lines that remain after the edits, received ones first. */
  public HeadBlock fields(FieldEdits edits) {
    throw new UnsupportedOperationException();
  }

  /** One field line. */
  public HeadBlock field(String name, String value) {
    throw new UnsupportedOperationException();
  }
}
