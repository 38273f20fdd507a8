package io.tidegate.core.spi;

import java.util.Locale;

/**
 * An access log does not keep up with the exchanges, or does again.
 *
 * @param kind which of these
 * @param subject the file of the log, or in words where else it goes
 * @param lines how many lines were dropped from one to the other; 0 when it begins
 */
public record AccessLogEvent(Kind kind, String subject, long lines) implements ProxyEvent {
  /** What can happen. */
  public enum Kind {
    /** Lines are dropped: there is no room for more. */
    DROPS_BEGAN,
    /** None has been for ten seconds, or the log is closed. */
    DROPS_ENDED
  }

  @Override
  public String name() {
    return "access-log-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String detail() {
    return kind == Kind.DROPS_BEGAN ? "it does not keep up" : "lines dropped: " + lines;
  }
}
