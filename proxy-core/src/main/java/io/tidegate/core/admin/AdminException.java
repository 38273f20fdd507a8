package io.tidegate.core.admin;

import java.util.List;

/** A resource cannot do what it was asked for; the message is for the client. */
public final class AdminException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient List<String> problems;

  /**
   * A refusal.
   *
   * @param status the status code for the client
   * @param detail one phrase, without secrets
   */
  public AdminException(int status, String detail) {
    this(status, detail, List.of());
  }

  /**
   * A refusal for several reasons.
   *
   * @param status the status code for the client
   * @param detail one phrase, without secrets
   * @param problems everything that is wrong, a sentence each, without secrets
   */
  public AdminException(int status, String detail, List<String> problems) {
    super(detail);
    this.status = status;
    this.problems = List.copyOf(problems);
  }

  /** There is no such thing. */
  public static AdminException notFound(String detail) {
    return new AdminException(404, detail);
  }

  /** The request is wrong. */
  public static AdminException badRequest(String detail) {
    return new AdminException(400, detail);
  }

  /** Everything that is wrong; empty if the message says all. */
  public List<String> problems() {
    return problems;
  }

  /** The status code for the client. */
  public int status() {
    return status;
  }
}
