package io.tidegate.core.spi;

import java.util.Locale;

/**
 * A proxy with listeners of its own begins or ends.
 *
 * @param kind what has happened
 */
public record LifecycleEvent(Kind kind) implements ProxyEvent {
  /** What can happen. */
  public enum Kind {
    /** It accepts connections. */
    STARTED,
    /** It accepts no more, and lets exchanges under way end. */
    DRAINING,
    /** All is closed. */
    STOPPED
  }

  @Override
  public String name() {
    return "proxy-" + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String subject() {
    return "";
  }

  @Override
  public String detail() {
    return "";
  }
}
