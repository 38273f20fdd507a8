package io.tidegate.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The JSON Schema of the files that {@link RunCommand} takes, by which editors complete them. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the files that run takes.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Runnable {
  /** The schema in this jar. */
  static final String RESOURCE = "/tidegate.schema.json";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().getOut().print(text());
    spec.commandLine().getOut().flush();
  }

  private static String text() {
    try (InputStream in = SchemaCommand.class.getResourceAsStream(RESOURCE)) {
      byte[] octets = Objects.requireNonNull(in, RESOURCE).readAllBytes();
      return new String(octets, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
