package io.tidegate.core.spi;

/**
 * What a plug-in does beside the exchanges while its proxy runs. Everything happens on one IO
 * thread of the proxy: it must not block.
 */
public interface Background {
  /** The proxy runs, or an application's server that it is mounted on. Called once. */
  void start(Upstreams upstreams);

  /**
   * That thread has ended, as the server of an application has that the proxy is mounted on, and
   * whatever was to happen there does not happen: this goes on with {@code upstreams}, on another.
   * It begins once more unless it says something else. Called after {@link #start} only.
   */
  default void moved(Upstreams upstreams) {
    start(upstreams);
  }

  /** The proxy stops: nobody is told anything any more. Called once if it was started. */
  default void stop() {}
}
