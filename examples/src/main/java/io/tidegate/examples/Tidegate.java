package io.tidegate.examples;

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
  private Tidegate() {}

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {
    ConsoleLog.prepare();
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
