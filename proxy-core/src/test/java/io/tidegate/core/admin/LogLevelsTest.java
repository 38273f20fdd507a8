package io.tidegate.core.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.admin.LogLevels.Told;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of levels of loggers. */
class LogLevelsTest {
  private static final String NAME = "io.tidegate.levels.test";

  private final LogLevels levels = new LogLevels();
  private final Logger above = Logger.getLogger("io.tidegate.levels");
  private final Logger logger = Logger.getLogger(NAME);
  private final Handler near = new ConsoleHandler();
  private final Handler far = new ConsoleHandler();

  @BeforeEach
  void begin() {
    above.setUseParentHandlers(false);
  }

  @AfterEach
  void end() {
    above.removeHandler(far);
    above.setUseParentHandlers(true);
    logger.removeHandler(near);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }

  private Told change(String level) {
    String content = "{\"name\": \"" + NAME + "\", \"level\": \"" + level + "\"}";
    return levels.change(new AdminRequest(Map.of(), content));
  }

  @ParameterizedTest
  @CsvSource({
    "debug, INFO, info, info",
    "debug, FINE, debug, debug",
    "trace, FINE, debug, debug",
    "debug, ALL, debug, all",
    "error, INFO, error, info",
    "off, ALL, off, all",
    "debug, OFF, off, off",
  })
  void fromWhereOnALoggerIsWrittenHandlersDecideToo(
      String level, String handler, String effective, String handlers) {
    far.setLevel(Level.parse(handler));
    above.addHandler(far);
    assertEquals(new Told(NAME, level, effective, handlers), change(level));
  }

  @Test
  void theHandlerThatWritesMostCounts() {
    far.setLevel(Level.WARNING);
    above.addHandler(far);
    near.setLevel(Level.FINER);
    logger.addHandler(near);
    assertEquals(new Told(NAME, "debug", "debug", "trace"), change("debug"));
    near.setLevel(Level.SEVERE);
    assertEquals(new Told(NAME, "debug", "warning", "warning"), change("debug"));
    logger.setUseParentHandlers(false);
    assertEquals(new Told(NAME, "debug", "error", "error"), change("debug"));
  }

  @Test
  void withoutHandlersNothingIsWritten() {
    assertEquals(new Told(NAME, "debug", "off", "off"), change("debug"));
    assertTrue(levels.all().contains(new Told(NAME, "debug", "off", "off")));
  }

  @Test
  void aLoggerWithoutALevelHasThatOfTheNextAbove() {
    far.setLevel(Level.ALL);
    above.addHandler(far);
    change("trace");
    assertEquals(new Told(NAME, "", "info", "all"), change(""));
  }
}
