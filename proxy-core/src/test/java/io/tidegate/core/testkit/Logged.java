package io.tidegate.core.testkit;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What one logger is told in a test, which is told to nobody else. */
public final class Logged extends Handler implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private Logged(Logger logger) {
    this.logger = logger;
  }

  /** What the logger with this name is told. */
  public static Logged by(String name) {
    return new Logged(Logger.getLogger(name));
  }

  /** What the logger of this class is told. */
  public static Logged by(Class<?> type) {
    return by(type.getName());
  }

  /** Each line so far, as its level and what it says. */
  public List<String> lines() {
    return records.stream().map(one -> one.getLevel() + " " + text(one)).toList();
  }

  private static String text(LogRecord one) {
    Object[] parameters = one.getParameters();
    return parameters == null || parameters.length == 0
        ? one.getMessage()
        : MessageFormat.format(one.getMessage(), parameters);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  @Override
  public void publish(LogRecord one) {
    records.add(one);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
