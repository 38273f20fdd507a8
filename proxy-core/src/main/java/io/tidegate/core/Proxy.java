package io.tidegate.core;

import io.tidegate.core.spi.Plugins;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A proxy, forward or reverse. */
public final class Proxy implements AutoCloseable {
  Proxy(ProxySettings settings, Plugins plugins, @Nullable SSLContext upstreamTls) {}

  public Proxy start() {
    return this;
  }

  public InetSocketAddress address() {
    throw new IllegalStateException("not started");
  }

  public HttpHandler handler() {
    return exchange -> {};
  }

  public void stop(Duration grace) {}

  @Override
  public void close() {}
}
