package io.tidegate.core;

import io.tidegate.core.spi.BufferingSettings;

/** Says which content is buffered for slow clients, and how much of it; nothing unless told. */
public final class BufferingBuilder {
  private boolean requests;
  private long requestMemoryBytes = BufferingSettings.OFF.requestMemoryBytes();
  private long requestFileBytes = BufferingSettings.OFF.requestFileBytes();
  private boolean responses;
  private long responseMemoryBytes = BufferingSettings.OFF.responseMemoryBytes();
  private long responseFileBytes = BufferingSettings.OFF.responseFileBytes();
  private int replayBytes = BufferingSettings.OFF.replayBytes();

  /** Buffers nothing so far. */
  public BufferingBuilder() {}

  /** Says what {@code settings} say. */
  public BufferingBuilder settings(BufferingSettings settings) {
    this.requests = settings.requests();
    this.requestMemoryBytes = settings.requestMemoryBytes();
    this.requestFileBytes = settings.requestFileBytes();
    this.responses = settings.responses();
    this.responseMemoryBytes = settings.responseMemoryBytes();
    this.responseFileBytes = settings.responseFileBytes();
    this.replayBytes = settings.replayBytes();
    return this;
  }

  /**
   * Buffers requests: an upstream gets one only when all of its content is here, with a
   * Content-Length unless there are trailers.
   */
  public BufferingBuilder requests() {
    this.requests = true;
    return this;
  }

  /** How many octets of a request are kept in memory; 64 KiB unless called. */
  public BufferingBuilder requestMemoryBytes(long bytes) {
    this.requestMemoryBytes = bytes;
    return this;
  }

  /**
   * How many octets of a request are kept in a file besides, 413 beyond; 1 GiB unless called, 0 for
   * no file.
   */
  public BufferingBuilder requestFileBytes(long bytes) {
    this.requestFileBytes = bytes;
    return this;
  }

  /**
   * Buffers responses: the upstream sends one as fast as it can and is free, while the client takes
   * it in its own time. Event streams, and responses with {@code X-Accel-Buffering: no}, are not
   * buffered.
   */
  public BufferingBuilder responses() {
    this.responses = true;
    return this;
  }

  /** How many octets of a response are kept in memory; 64 KiB unless called. */
  public BufferingBuilder responseMemoryBytes(long bytes) {
    this.responseMemoryBytes = bytes;
    return this;
  }

  /**
   * How many octets of a response are kept in a file besides; 1 GiB unless called, 0 for no file.
   * Beyond, the upstream waits until the client has taken what there is.
   */
  public BufferingBuilder responseFileBytes(long bytes) {
    this.responseFileBytes = bytes;
    return this;
  }

  /**
   * Keeps up to so many octets of the content of a request with an idempotent method that is not
   * buffered while it is sent, so that it can be sent again if the attempt fails; 64 KiB in a
   * reverse proxy and none in a forward proxy unless called.
   */
  public BufferingBuilder replayBytes(int bytes) {
    this.replayBytes = bytes;
    return this;
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public BufferingSettings settings() {
    return new BufferingSettings(
        requests,
        requestMemoryBytes,
        requestFileBytes,
        responses,
        responseMemoryBytes,
        responseFileBytes,
        replayBytes);
  }
}
