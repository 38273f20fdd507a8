package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;

/** Checks the syntax of chunk extensions (RFC 9112 §7.1.1), octet by octet; nothing is kept. */
final class ChunkExtension {
  private enum State {
    BEFORE_SEMICOLON,
    BEFORE_NAME,
    NAME,
    AFTER_NAME,
    BEFORE_VALUE,
    VALUE,
    QUOTED,
    ESCAPED,
    AFTER_VALUE
  }

  private State state = State.BEFORE_SEMICOLON;

  void start() {
    state = State.BEFORE_SEMICOLON;
  }

  /** Takes one octet; whether it was the CR that ends the line. */
  boolean ends(int octet) throws BadMessageException {
    boolean space = octet == ' ' || octet == '\t';
    switch (state) {
      case BEFORE_SEMICOLON -> state = space ? state : semicolon(octet);
      case BEFORE_NAME -> state = space ? state : token(octet, State.NAME);
      case NAME, AFTER_NAME -> {
        if (octet == '\r') {
          return true;
        }
        state = afterName(octet, space);
      }
      case BEFORE_VALUE ->
          state = space ? state : octet == '"' ? State.QUOTED : token(octet, State.VALUE);
      case VALUE, AFTER_VALUE -> {
        if (octet == '\r') {
          return true;
        }
        state = afterValue(octet, space);
      }
      case QUOTED ->
          state = octet == '"' ? State.AFTER_VALUE : octet == '\\' ? State.ESCAPED : text(octet);
      case ESCAPED -> state = text(octet);
    }
    return false;
  }

  private State afterName(int octet, boolean space) throws BadMessageException {
    if (space) {
      return State.AFTER_NAME;
    }
    if (octet == '=') {
      return State.BEFORE_VALUE;
    }
    return state == State.NAME && Ascii.isToken(octet) ? State.NAME : semicolon(octet);
  }

  private State afterValue(int octet, boolean space) throws BadMessageException {
    if (space) {
      return State.AFTER_VALUE;
    }
    return state == State.VALUE && Ascii.isToken(octet) ? State.VALUE : semicolon(octet);
  }

  private static State semicolon(int octet) throws BadMessageException {
    if (octet != ';') {
      throw BadMessageException.framing("invalid chunk size or extension");
    }
    return State.BEFORE_NAME;
  }

  private static State token(int octet, State next) throws BadMessageException {
    if (!Ascii.isToken(octet)) {
      throw BadMessageException.framing("invalid chunk extension");
    }
    return next;
  }

  private static State text(int octet) throws BadMessageException {
    if (!Ascii.isFieldValue(octet)) {
      throw BadMessageException.framing("invalid chunk extension");
    }
    return State.QUOTED;
  }
}
