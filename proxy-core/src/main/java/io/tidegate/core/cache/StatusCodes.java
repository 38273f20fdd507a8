package io.tidegate.core.cache;

/** What a cache knows about status codes (RFC 9110 §15). */
final class StatusCodes {
  private StatusCodes() {}

  /** Whether a response may be fresh without saying so (RFC 9110 §15.1). */
  static boolean isHeuristicallyCacheable(int status) {
    return switch (status) {
      case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
      default -> false;
    };
  }

  /** Whether the code's meaning for a cache is known here (RFC 9111 §5.2.2.3). */
  static boolean isUnderstood(int status) {
    return isHeuristicallyCacheable(status)
        || switch (status) {
          case 201, 202, 205, 302, 303, 307, 421, 422, 426 -> true;
          default -> (status >= 400 && status <= 417) || (status >= 500 && status <= 505);
        };
  }

  /**
   * Whether the response tells what has become of the resource, not what is wrong with one request
   * or with the server. Some servers say 403 of what they do not have.
   */
  static boolean isAboutResource(int status) {
    return switch (status) {
      case 304 -> false;
      case 401, 403, 404, 405, 410, 451 -> true;
      default -> status >= 200 && status < 400;
    };
  }

  /**
   * Whether the response is final and means the same to other requests: a 304, 412 or 416 answers
   * the conditions or the range of one request, a 407 its credentials.
   */
  static boolean isForOthers(int status) {
    return status >= 200 && status != 304 && status != 407 && status != 412 && status != 416;
  }
}
