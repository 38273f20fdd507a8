package io.tidegate.core.spi;

import java.util.List;

/**
 * The decisions that make the pipeline a forward or a reverse proxy.
 *
 * @param direction whom the proxy stands for
 * @param access who may go where
 * @param resolver where a request goes
 * @param takesAnyHost whether destinations of the proxy's own answer for any host a client names
 * @param listeners who is told
 * @param background what is done beside
 */
public record Plugins(
    Direction direction,
    AccessPolicy access,
    DestinationResolver resolver,
    boolean takesAnyHost,
    List<ExchangeListener> listeners,
    List<Background> background) {
  /** Copies the lists. */
  public Plugins {
    listeners = List.copyOf(listeners);
    background = List.copyOf(background);
  }
}
