package io.tidegate.core.wire;

/**
 * Something that is not SOCKS, or not what is offered. The text never repeats what was received.
 */
public final class BadSocksException extends Exception {
  private static final long serialVersionUID = 1;

  private final SocksReply reply;

  BadSocksException(SocksReply reply, String detail) {
    super(detail, null, false, false);
    this.reply = reply;
  }

  /** What the client is told if it has got as far as its request. */
  public SocksReply reply() {
    return reply;
  }

  /** What is wrong, in one phrase. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
