package io.tidegate.core.exchange;

import io.tidegate.core.header.Tracing;
import io.tidegate.core.header.Via;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Plugins;
import org.jspecify.annotations.Nullable;

/**
 * Everything that exchanges decide by. An exchange takes the one of its beginning, and keeps it to
 * its end: what is reloaded meanwhile is for those that begin later.
 */
public final class Snapshot {
  private final Plugins plugins;
  private final ExchangeSettings settings;
  private final BufferingSettings buffering;
  private final @Nullable ResponseCache cache;
  private final Via via;
  private final Tracing tracing;
  private final @Nullable ExchangeObserver observer;
  private final Listeners listeners;

  /**
   * A snapshot.
   *
   * @param settings limits and time-outs where a route does not say otherwise
   * @param buffering what is buffered where a route does not say otherwise
   * @param cache null for none
   * @param observer who follows exchanges; null for nobody
   */
  public Snapshot(
      Plugins plugins,
      ExchangeSettings settings,
      BufferingSettings buffering,
      @Nullable ResponseCache cache,
      Via via,
      Tracing tracing,
      @Nullable ExchangeObserver observer) {
    this.plugins = plugins;
    this.settings = settings;
    this.buffering = buffering;
    this.cache = cache;
    this.via = via;
    this.tracing = tracing;
    this.observer = observer;
    this.listeners = new Listeners(plugins.listeners());
  }

  /** What the direction and the application decide. */
  public Plugins plugins() {
    return plugins;
  }

  /** The cache; null if there is none. */
  public @Nullable ResponseCache cache() {
    return cache;
  }

  /** Our entry in Via. */
  public Via via() {
    return via;
  }

  /** Our place in traces. */
  Tracing tracing() {
    return tracing;
  }

  /** Who follows exchanges; null if nobody does. */
  @Nullable ExchangeObserver observer() {
    return observer;
  }

  ExchangeSettings settings() {
    return settings;
  }

  BufferingSettings buffering() {
    return buffering;
  }

  Listeners listeners() {
    return listeners;
  }
}
