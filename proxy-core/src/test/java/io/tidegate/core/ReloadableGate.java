package io.tidegate.core;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.Route;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A proxy that goes wherever it is told to, and can be told other settings while it runs. */
final class ReloadableGate extends Proxy {
  private Builder builder;

  private ReloadableGate(Parts parts, Builder builder) {
    super(parts);
    this.builder = builder;
  }

  /** Reloads what {@code details} say, from the defaults on, on the port that it was bound to. */
  void reload(Consumer<Builder> details) {
    Builder next = new Builder();
    next.listen(0);
    details.accept(next);
    reload(
        () -> {
          next.takeOver(builder);
          Parts parts = next.described();
          next.kept().change(() -> builder = next);
          return parts;
        });
  }

  /** Takes its name in Via from {@code file} whenever that changes. */
  void watchName(Path file) {
    watch(
        file,
        "$",
        () -> new Name(name(file)),
        () -> new Name(""),
        name -> {
          Builder next = new Builder();
          next.listen(0).viaName(name.text()).takeOver(builder);
          return next.described();
        });
  }

  private record Name(String text) {}

  private static String name(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("no file", e);
    }
  }

  @Override
  public ReloadableGate start() {
    super.start();
    return this;
  }

  static final class Builder extends ProxyBuilder<Builder> {
    private final List<Background> background = new ArrayList<>();
    private final List<Runnable> changes = new ArrayList<>();
    private boolean secure;

    /** Does this beside. */
    Builder background(Background work) {
      background.add(work);
      return this;
    }

    /** Speaks TLS with upstreams. */
    Builder secureUpstreams() {
      this.secure = true;
      return this;
    }

    /** Has this happen when all settings have turned out to be right. */
    Builder changing(Runnable change) {
      changes.add(change);
      return this;
    }

    Parts described() {
      Parts parts = parts();
      changes.forEach(kept()::change);
      return parts;
    }

    @Override
    public ReloadableGate build() {
      return new ReloadableGate(parts(), this);
    }

    @Override
    public ReloadableGate start() {
      return build().start();
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected Plugins plugins(
        ProxySettings settings,
        UpstreamTlsSources tls,
        List<ExchangeListener> listeners,
        Checks checks) {
      return new Plugins(
          Direction.FORWARD,
          AccessPolicy.PERMIT_ALL,
          request -> new Anywhere(secure),
          false,
          listeners,
          background);
    }

    @Override
    protected Optional<String> defaultHost() {
      return Optional.of("127.0.0.1");
    }

    @Override
    protected CacheSettings defaultCache() {
      return CacheSettings.FORWARD;
    }
  }

  private record Anywhere(boolean secure) implements Route {
    @Override
    public HeaderPolicy headers() {
      return new HeaderPolicy() {};
    }

    @Override
    public Destinations destinations(ClientRequest request) {
      String host = request.authority().host();
      return Destinations.only(new Destination(secure, host, request.port(), null));
    }
  }
}
