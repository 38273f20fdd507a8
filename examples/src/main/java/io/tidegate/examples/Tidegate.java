package io.tidegate.examples;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code java -jar tidegate.jar reverse|forward|run|schema|demo}. */
@Command(
    name = "tidegate",
    description = "A forward proxy and a reverse proxy from one engine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ReverseCommand.class,
      ForwardCommand.class,
      RunCommand.class,
      SchemaCommand.class,
      DemoCommand.class
    })
public final class Tidegate {
  /** They would tell their versions. Held, or the levels set here would be forgotten with them. */
  private static final List<Logger> LIBRARIES =
      List.of(Logger.getLogger("org.xnio"), Logger.getLogger("io.undertow"));

  private Tidegate() {}

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {
    LIBRARIES.forEach(logger -> logger.setLevel(Level.WARNING));
    int exit = commandLine().execute(arguments);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Tidegate())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              String.valueOf(failure.getMessage())
                  .lines()
                  .forEach(problem -> command.getErr().println("tidegate: " + problem));
              return failure instanceof IllegalArgumentException ? 2 : 1;
            });
  }
}
