package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamPool;
import io.tidegate.core.header.Via;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestHandler;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Plugins;
import org.jspecify.annotations.Nullable;

/**
 * What the exchanges on one IO thread share: each request gets a {@link ProxyExchange} of its own.
 */
public final class Pipeline implements RequestHandler {
  private final IoLoop loop;
  private final UpstreamPool pool;
  private final Plugins plugins;
  private final ExchangeSettings settings;
  private final Via via;
  private final Listeners listeners;
  private final @Nullable ResponseCache cache;

  /** A pipeline on the thread of {@code loop}. */
  public Pipeline(
      IoLoop loop,
      UpstreamPool pool,
      Plugins plugins,
      ExchangeSettings settings,
      @Nullable ResponseCache cache,
      Via via) {
    this.loop = loop;
    this.pool = pool;
    this.plugins = plugins;
    this.settings = settings;
    this.cache = cache;
    this.via = via;
    this.listeners = new Listeners(plugins.listeners());
  }

  @Override
  public void request(ClientExchange client, RequestHead head) {
    new ProxyExchange(this, client).start(head);
  }

  @Override
  public void refuse(ClientExchange client, Failure failure) {
    new ProxyExchange(this, client).refuse(failure);
  }

  /** The loop. */
  public IoLoop loop() {
    return loop;
  }

  /** The upstream connections of this thread. */
  public UpstreamPool pool() {
    return pool;
  }

  Plugins plugins() {
    return plugins;
  }

  ExchangeSettings settings() {
    return settings;
  }

  @Nullable ResponseCache cache() {
    return cache;
  }

  Via via() {
    return via;
  }

  Listeners listeners() {
    return listeners;
  }
}
