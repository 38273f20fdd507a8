package io.tidegate.core.spi;

/**
 * Which content is buffered, so that an upstream need not wait for a slow client: in memory up to a
 * bound, then in a temporary file.
 *
 * @param requests whether an upstream gets a request only when all of its content is here
 * @param requestMemoryBytes how many octets of a request are kept in memory
 * @param requestFileBytes how many octets more in a file; a longer request is refused with 413
 * @param responses whether the upstream is let go as soon as it has sent a response, while a slower
 *     client still takes it
 * @param responseMemoryBytes how many octets of a response are kept in memory
 * @param responseFileBytes how many octets more in a file; beyond, the upstream has to wait
 * @param replayBytes requests that are not buffered and have at most so many octets of content are
 *     kept while they are sent, so that they can be sent again; those with an idempotent method
 */
public record BufferingSettings(
    boolean requests,
    long requestMemoryBytes,
    long requestFileBytes,
    boolean responses,
    long responseMemoryBytes,
    long responseFileBytes,
    int replayBytes) {
  /** Nothing is buffered; with the sizes that an uncalled builder method means. */
  public static final BufferingSettings OFF =
      new BufferingSettings(false, 64 << 10, 1L << 30, false, 64 << 10, 1L << 30, 0);

  /** As {@link #OFF}, but short content is kept, for requests that may be sent again. */
  public static final BufferingSettings REVERSE =
      new BufferingSettings(
          OFF.requests,
          OFF.requestMemoryBytes,
          OFF.requestFileBytes,
          OFF.responses,
          OFF.responseMemoryBytes,
          OFF.responseFileBytes,
          64 << 10);

  private static final int MOST_REPLAYED = 16 << 20;
  private static final long MOST_IN_MEMORY = 1L << 30;
  private static final long MOST_IN_FILE = 1L << 50;

  /** Rejects what cannot work. */
  public BufferingSettings {
    new Checks()
        .between("requestMemoryBytes", requestMemoryBytes, 0, MOST_IN_MEMORY)
        .between("requestFileBytes", requestFileBytes, 0, MOST_IN_FILE)
        .between("responseMemoryBytes", responseMemoryBytes, 0, MOST_IN_MEMORY)
        .between("responseFileBytes", responseFileBytes, 0, MOST_IN_FILE)
        .between("replayBytes", replayBytes, 0, MOST_REPLAYED)
        .done();
  }
}
