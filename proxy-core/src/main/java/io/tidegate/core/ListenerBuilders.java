package io.tidegate.core;

import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The addresses that a proxy listens on, as said so far: a main one, and others. */
final class ListenerBuilders {
  /** The host of the main address unless it is chosen; empty for all addresses. */
  private final Supplier<Optional<String>> defaultHost;

  private final ListenerBuilder main = new ListenerBuilder();
  private boolean hostChosen;
  private boolean mainChosen;
  private final List<ListenerBuilder> more = new ArrayList<>();

  ListenerBuilders(Supplier<Optional<String>> defaultHost) {
    this.defaultHost = defaultHost;
  }

  /** The main address; it is listened on whether there are others or not. */
  ListenerBuilder choose() {
    this.mainChosen = true;
    return main;
  }

  /** The same on this host. */
  ListenerBuilder choose(String host) {
    main.host(Optional.of(host));
    this.hostChosen = true;
    return choose();
  }

  /** The main address; it is listened on if there are no others. */
  ListenerBuilder main() {
    return main;
  }

  /** Another address. */
  ListenerBuilder add(String host, int port) {
    ListenerBuilder listener = new ListenerBuilder().at(Optional.of(host), port);
    more.add(listener);
    return listener;
  }

  /** Says everything that {@code settings} say. */
  void settings(List<ListenerSettings> settings) {
    main.settings(settings.get(0));
    this.hostChosen = true;
    this.mainChosen = true;
    settings.stream().skip(1).forEach(one -> more.add(new ListenerBuilder().settings(one)));
  }

  /** Takes over what settings do not say of the same addresses of a proxy that runs. */
  void takeOver(ListenerBuilders running) {
    for (ListenerBuilder listener : all()) {
      running.all().stream().filter(listener::isWhere).findFirst().ifPresent(listener::takeOver);
    }
  }

  /** Where to listen; what is wrong with it is noted in {@code checks}. */
  List<ListenerSettings> settings(Checks checks) {
    List<ListenerSettings> settings = new ArrayList<>();
    for (ListenerBuilder listener : all()) {
      ListenerSettings good = checks.collect(listener::settings);
      if (good != null) {
        settings.add(good);
      }
    }
    return settings.isEmpty() ? ProxySettings.on(host()).listeners() : settings;
  }

  /** The host of the main address; empty for all addresses. */
  Optional<String> host() {
    return hostChosen ? main.host() : defaultHost.get();
  }

  /** How each of them speaks TLS, as {@link ListenerBuilder#serverTls}. */
  List<Optional<ServerTls>> serverTls(Kept kept, Checks checks, boolean passesOn) {
    List<Optional<ServerTls>> each = new ArrayList<>();
    for (ListenerBuilder listener : all()) {
      Checks here = checks.at("listeners[" + each.size() + "].tls");
      each.add(listener.serverTls(kept, here, passesOn));
    }
    return each;
  }

  private List<ListenerBuilder> all() {
    List<ListenerBuilder> all = new ArrayList<>();
    if (mainChosen || more.isEmpty()) {
      all.add(hostChosen ? main : main.host(defaultHost.get()));
    }
    all.addAll(more);
    return all;
  }
}
