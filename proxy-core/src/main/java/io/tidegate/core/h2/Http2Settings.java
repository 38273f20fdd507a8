package io.tidegate.core.h2;

import io.tidegate.core.spi.Checks;

/**
 * What one side of an HTTP/2 connection grants the other.
 *
 * @param maxConcurrentStreams the most streams of the peer's that may be open at once; further ones
 *     are refused
 * @param streamWindow how many octets of content the peer may send at a time on a stream whose
 *     content is taken as it comes; one that nobody reads gets 64 KiB, or this if it is less
 * @param connectionWindow how many octets of content may be on their way on a connection, of which
 *     none is held up by a stream that is not read; and by how much more than 64 KiB each its
 *     streams may be permitted all together
 * @param headerTableBytes the size of the peer's HPACK table that we keep (RFC 7541 §4.2)
 */
public record Http2Settings(
    int maxConcurrentStreams, int streamWindow, int connectionWindow, int headerTableBytes) {
  /** What an uncalled builder method means. */
  public static final Http2Settings DEFAULT = new Http2Settings(128, 256 << 10, 1 << 20, 4096);

  /** Rejects what cannot work. */
  public Http2Settings {
    new Checks()
        .between("maxConcurrentStreams", maxConcurrentStreams, 1, 10_000)
        .between("streamWindow", streamWindow, 16 << 10, 16 << 20)
        .between("connectionWindow", connectionWindow, 64 << 10, 64 << 20)
        .between("headerTableBytes", headerTableBytes, 0, 64 << 10)
        .done();
  }
}
