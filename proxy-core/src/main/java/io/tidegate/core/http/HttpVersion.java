package io.tidegate.core.http;

/** The versions of HTTP a message can have on its way through (RFC 9110 §2.5). */
public enum HttpVersion {
  HTTP_1_0("1.0"),
  HTTP_1_1("1.1"),
  HTTP_2("2.0");

  private final String number;

  HttpVersion(String number) {
    this.number = number;
  }

  /** The number as it stands in a {@code Via} field: {@code 1.1}. */
  public String number() {
    return number;
  }

  /** Whether the peer understands chunked transfer coding and interim responses. */
  public boolean atLeast11() {
    return this != HTTP_1_0;
  }
}
