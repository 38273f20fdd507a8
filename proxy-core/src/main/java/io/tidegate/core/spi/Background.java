package io.tidegate.core.spi;

/**
 * What a plug-in does beside the exchanges while its proxy runs. Everything happens on one IO
 * thread of the proxy: it must not block.
 */
public interface Background {
  /** The proxy runs, or an application's server that it is mounted on. Called once. */
  void start(Upstreams upstreams);

  /** The proxy stops: nobody is told anything any more. Called once if it was started. */
  default void stop() {}
}
