package io.tidegate.core;

import io.tidegate.core.h2.Http2Settings;
import java.util.Optional;

/** Says how HTTP/2 is spoken with clients. */
public final class Http2Builder {
  private boolean offered = true;
  private int maxConcurrentStreams = Http2Settings.DEFAULT.maxConcurrentStreams();
  private int streamWindow = Http2Settings.DEFAULT.streamWindow();
  private int connectionWindow = Http2Settings.DEFAULT.connectionWindow();
  private int headerTableBytes = Http2Settings.DEFAULT.headerTableBytes();

  /** Says what an uncalled method means. */
  public Http2Builder() {}

  /** Says what {@code settings} say; without any, HTTP/2 is not offered. */
  public Http2Builder settings(Optional<Http2Settings> settings) {
    this.offered = settings.isPresent();
    Http2Settings said = settings.orElse(Http2Settings.DEFAULT);
    this.maxConcurrentStreams = said.maxConcurrentStreams();
    this.streamWindow = said.streamWindow();
    this.connectionWindow = said.connectionWindow();
    this.headerTableBytes = said.headerTableBytes();
    return this;
  }

  /** Does not speak HTTP/2 with clients. */
  public Http2Builder off() {
    this.offered = false;
    return this;
  }

  /** The most requests under way on one connection, further ones are refused; 128 unless called. */
  public Http2Builder maxConcurrentStreams(int count) {
    this.maxConcurrentStreams = count;
    return this;
  }

  /**
   * How many octets of content a client may send at a time on a stream whose content is taken as it
   * comes; 256 KiB unless called. On a stream that nobody reads it is 64 KiB at the most.
   */
  public Http2Builder streamWindow(int bytes) {
    this.streamWindow = bytes;
    return this;
  }

  /**
   * How many octets of content may be on their way on a connection, and by how much more than 64
   * KiB each its streams may be permitted all together; 1 MiB unless called. What a connection
   * holds is no more than this and 64 KiB for each stream.
   */
  public Http2Builder connectionWindow(int bytes) {
    this.connectionWindow = bytes;
    return this;
  }

  /**
   * How many octets of fields are remembered for a client that refers to them (RFC 7541 §4.2); 4
   * KiB unless called.
   */
  public Http2Builder headerTableBytes(int bytes) {
    this.headerTableBytes = bytes;
    return this;
  }

  /**
   * What was said; empty if HTTP/2 is not offered.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public Optional<Http2Settings> settings() {
    return offered
        ? Optional.of(
            new Http2Settings(
                maxConcurrentStreams, streamWindow, connectionWindow, headerTableBytes))
        : Optional.empty();
  }
}
