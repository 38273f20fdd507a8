package io.tidegate.core.h2;

/** The peer has done what ends the connection (RFC 9113 §5.4.1). */
final class ConnectionException extends Exception {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  ConnectionException(ErrorCode code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  static ConnectionException protocol(String detail) {
    return new ConnectionException(ErrorCode.PROTOCOL_ERROR, detail);
  }

  static ConnectionException compression(String detail) {
    return new ConnectionException(ErrorCode.COMPRESSION_ERROR, detail);
  }

  static ConnectionException frameSize(String detail) {
    return new ConnectionException(ErrorCode.FRAME_SIZE_ERROR, detail);
  }

  static ConnectionException flood(String detail) {
    return new ConnectionException(ErrorCode.ENHANCE_YOUR_CALM, detail);
  }

  ErrorCode code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
