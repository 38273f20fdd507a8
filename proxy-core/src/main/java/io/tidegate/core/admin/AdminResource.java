package io.tidegate.core.admin;

/**
 * Something that the admin listener tells or does.
 *
 * @param method {@link #GET} or {@link #POST}
 * @param path where, {@code /v1/clusters}
 * @param summary what it is, in one phrase
 * @param changes whether it changes something
 * @param mostOctets the longest content of a request
 * @param handler answers requests
 */
public record AdminResource(
    String method, String path, String summary, boolean changes, int mostOctets, Handler handler) {
  /** Tells something; changes nothing. */
  public static final String GET = "GET";

  /** Has content, an object in JSON; mostly it changes something. */
  public static final String POST = "POST";

  /** The longest content, unless it is {@linkplain #withLongContent long}. */
  static final int MOST_OCTETS = 64 << 10;

  /** The longest content of all. */
  static final int MOST_LONG_OCTETS = 4 << 20;

  /** Answers the requests for a resource, on threads on which it may wait for some seconds. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The answer: records, maps, lists and what else has a JSON, or {@link Text}; or a {@link
     * java.util.concurrent.CompletionStage} of one, which is waited for. It holds no secrets.
     *
     * @throws AdminException with the status, if there is no answer
     * @throws IllegalArgumentException if the request is wrong; the message is for the client
     */
    Object answer(AdminRequest request);
  }

  /**
   * An answer that is no JSON.
   *
   * @param type its media type
   * @param text the answer itself
   */
  public record Text(String type, String text) {}

  /** Something to look at. */
  public static AdminResource get(String path, String summary, Handler handler) {
    return new AdminResource(GET, path, summary, false, MOST_OCTETS, handler);
  }

  /** Something to do. */
  public static AdminResource post(String path, String summary, Handler handler) {
    return new AdminResource(POST, path, summary, true, MOST_OCTETS, handler);
  }

  /** Something to look at that has to be described: it changes nothing. */
  public static AdminResource question(String path, String summary, Handler handler) {
    return new AdminResource(POST, path, summary, false, MOST_OCTETS, handler);
  }

  /** The same with content of up to 4 MiB; only one request at a time may have more than 64 KiB. */
  public AdminResource withLongContent() {
    return new AdminResource(method, path, summary, changes, MOST_LONG_OCTETS, handler);
  }
}
