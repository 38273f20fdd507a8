package io.tidegate.core.http;

/**
 * A message that breaks the rules, and how. The text is ours: it never repeats what was received.
 */
public final class BadMessageException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong, as far as an answer depends on it. */
  public enum Fault {
    /** The syntax is wrong. */
    SYNTAX,
    /** The framing is ambiguous or wrong: where the message ends cannot be known. */
    FRAMING,
    /** The request target is longer than allowed. */
    TARGET_TOO_LONG,
    /** The head is longer than allowed. */
    HEAD_TOO_LARGE,
    /** There are more fields than allowed. */
    TOO_MANY_FIELDS,
    /** The trailer section is longer than allowed. */
    TRAILERS_TOO_LARGE,
    /** The version is not one we speak. */
    VERSION,
    /** A transfer coding we do not decode. */
    TRANSFER_CODING
  }

  private final Fault fault;

  /** A message with this fault; {@code detail} says it in one phrase. */
  public BadMessageException(Fault fault, String detail) {
    super(detail, null, false, false);
    this.fault = fault;
  }

  /** A message whose syntax is wrong. */
  public static BadMessageException syntax(String detail) {
    return new BadMessageException(Fault.SYNTAX, detail);
  }

  /** A message whose end cannot be known. */
  public static BadMessageException framing(String detail) {
    return new BadMessageException(Fault.FRAMING, detail);
  }

  /** What is wrong. */
  public Fault fault() {
    return fault;
  }

  /** What is wrong, in one phrase. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
