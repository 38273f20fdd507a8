package io.tidegate.examples;

import io.tidegate.core.json.JsonDocument;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.ForwardProxySettings;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The proxy that a file describes: {@code {"forward": {…}}}. */
@Command(
    name = "run",
    description = "Runs the proxy that a JSON file describes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Runnable {
  private static final String FORWARD = "forward";

  @Parameters(paramLabel = "FILE", description = "The settings in JSON: {\"forward\": {...}}.")
  private Path file = Path.of("");

  @Override
  public void run() {
    JsonDocument config = JsonDocument.read(file);
    Set<String> kinds = config.keys();
    if (!kinds.equals(Set.of(FORWARD))) {
      throw new IllegalArgumentException(
          "$: "
              + (kinds.isEmpty() ? "nothing" : String.join(", ", kinds))
              + " (expected: forward)");
    }
    CommonOptions.serve(
        ForwardProxy.builder(ForwardProxySettings.fromJson(config.get(FORWARD))).start(), FORWARD);
  }
}
