package io.tidegate.examples;

import io.tidegate.reverse.ReverseProxy;
import io.tidegate.reverse.ReverseProxySettings;
import java.nio.file.Path;

/** A reverse proxy that goes by a file, and by what is written into it while it runs. */
public final class HotReload {
  private HotReload() {}

  /** Runs it by {@code gateway.json}. */
  public static void main(String[] arguments) {
    start(Path.of("gateway.json"));
  }

  static ReverseProxy start(Path file) {
    // region watch
    return ReverseProxy.builder(ReverseProxySettings.fromJson(file))
        .eventListener(event -> System.out.println(event.name() + " " + event.detail()))
        .start()
        .watch(file);
    // endregion
  }
}
