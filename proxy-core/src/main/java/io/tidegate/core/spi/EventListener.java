package io.tidegate.core.spi;

/**
 * Told what happens to a proxy, besides exchanges ({@link ExchangeListener}): on any thread, IO
 * threads among them. It must not block.
 */
@FunctionalInterface
public interface EventListener {
  /** This has happened. */
  void happened(ProxyEvent event);
}
