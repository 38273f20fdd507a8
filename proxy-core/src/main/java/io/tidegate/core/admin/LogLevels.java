package io.tidegate.core.admin;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The levels of our loggers, as far as {@code java.util.logging} is behind {@link System.Logger};
 * another library has its own means.
 */
public final class LogLevels {
  private static final String ROOT = "io.tidegate";
  private static final String PLATFORM = "sun.util.logging.internal.LoggingProviderImpl";
  private static final Map<String, Level> LEVELS =
      Map.of(
          "trace", Level.FINER,
          "debug", Level.FINE,
          "info", Level.INFO,
          "warning", Level.WARNING,
          "error", Level.SEVERE,
          "off", Level.OFF);

  private static final Comparator<Level> BY_VALUE = Comparator.comparingInt(Level::intValue);
  private static final int MOST_CHANGED = 200;

  /** Held here: the library forgets loggers, and their levels, that nobody holds. */
  private final Map<String, Logger> changed = new ConcurrentHashMap<>();

  /**
   * A logger.
   *
   * @param name the name, that of a class or package of ours
   * @param level what it was told: a level of {@link System.Logger}; empty if nothing
   * @param effective from which level on it is written
   * @param handlers from which level on the handlers write what it lets through
   */
  public record Told(String name, String level, String effective, String handlers) {}

  /** What to change: an empty level takes back what was said before. */
  record Change(String name, String level) {
    static final Change NONE = new Change("", "");
  }

  /** Our loggers. */
  public List<Told> all() {
    requirePlatform();
    TreeSet<String> names =
        new TreeSet<>(Collections.list(LogManager.getLogManager().getLoggerNames()));
    names.add(ROOT);
    return names.stream().filter(LogLevels::isOurs).map(name -> told(logger(name))).toList();
  }

  /** Changes the level of a logger. */
  public Told change(AdminRequest request) {
    return change(request.content(Change.NONE));
  }

  private Told change(Change wanted) {
    requirePlatform();
    if (!isOurs(wanted.name())) {
      throw AdminException.badRequest("name: (expected: " + ROOT + ", or what is below it)");
    }
    Level level = LEVELS.get(wanted.level().toLowerCase(Locale.ROOT));
    if (level == null && !wanted.level().isEmpty()) {
      throw AdminException.badRequest(
          "level: (expected: one of " + String.join(", ", new TreeSet<>(LEVELS.keySet())) + ")");
    }
    if (changed.size() >= MOST_CHANGED && !changed.containsKey(wanted.name())) {
      throw new AdminException(409, "too many loggers have levels of their own");
    }
    Logger logger = logger(wanted.name());
    logger.setLevel(level);
    changed.put(wanted.name(), logger);
    return told(logger);
  }

  private static Logger logger(String name) {
    return Logger.getLogger(name);
  }

  private static Told told(Logger logger) {
    Level handled = handled(logger);
    Level effective = Collections.max(List.of(own(logger), handled), BY_VALUE);
    return new Told(logger.getName(), name(logger.getLevel()), name(effective), name(handled));
  }

  /** What holds for it: its own level, or that of the nearest above that has one. */
  private static Level own(Logger logger) {
    for (Logger one = logger; one != null; one = one.getParent()) {
      if (one.getLevel() != null) {
        return one.getLevel();
      }
    }
    return Level.INFO; // the root has none only while the library is set up
  }

  /** The lowest level of all handlers that it reaches; without any, nothing is written. */
  private static Level handled(Logger logger) {
    Level lowest = Level.OFF;
    for (Logger one = logger;
        one != null;
        one = one.getUseParentHandlers() ? one.getParent() : null) {
      for (Handler handler : one.getHandlers()) {
        lowest = Collections.min(List.of(lowest, handler.getLevel()), BY_VALUE);
      }
    }
    return lowest;
  }

  private static String name(@Nullable Level level) {
    if (level == null) {
      return "";
    }
    return LEVELS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(level))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(level.getName().toLowerCase(Locale.ROOT));
  }

  private static boolean isOurs(String name) {
    return name.equals(ROOT) || name.startsWith(ROOT + ".");
  }

  private static void requirePlatform() {
    if (!System.LoggerFinder.getLoggerFinder().getClass().getName().equals(PLATFORM)) {
      throw new AdminException(
          501, "levels are those of the logging library in use: change them there");
    }
  }
}
