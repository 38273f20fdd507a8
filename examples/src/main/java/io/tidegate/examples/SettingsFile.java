package io.tidegate.examples;

import io.tidegate.reverse.ReverseProxy;
import io.tidegate.reverse.ReverseProxySettings;
import java.nio.file.Path;

/** Runs the reverse proxy that a file of JSON describes, and tells what it has read. */
public final class SettingsFile {
  private SettingsFile() {}

  /** Runs the proxy of a file. */
  public static void main(String[] arguments) {
    start(Path.of(arguments[0]));
  }

  static ReverseProxy start(Path file) {
    // region json
    ReverseProxySettings settings = ReverseProxySettings.fromJson(file);
    ReverseProxy gateway = ReverseProxy.builder(settings).start();
    String json = settings.toJson(); // makes the same settings again
    // endregion
    System.out.print(json);
    return gateway;
  }
}
