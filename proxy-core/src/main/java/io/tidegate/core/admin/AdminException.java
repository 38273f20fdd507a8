package io.tidegate.core.admin;

/** A resource cannot do what it was asked for; the message is for the client. */
public final class AdminException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * A refusal.
   *
   * @param status the status code for the client
   * @param detail one phrase, without secrets
   */
  public AdminException(int status, String detail) {
    super(detail);
    this.status = status;
  }

  /** There is no such thing. */
  public static AdminException notFound(String detail) {
    return new AdminException(404, detail);
  }

  /** The request is wrong. */
  public static AdminException badRequest(String detail) {
    return new AdminException(400, detail);
  }

  /** The status code for the client. */
  public int status() {
    return status;
  }
}
