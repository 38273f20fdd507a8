package io.tidegate.core.spi;

import java.util.List;
import java.util.Locale;

/**
 * Somebody has wanted a running proxy to serve by other settings.
 *
 * @param kind what has come of it
 * @param problems everything that was wrong, a sentence each; empty if nothing was
 */
public record SettingsEvent(Kind kind, List<String> problems) implements ProxyEvent {
  /** What can come of it. */
  public enum Kind {
    /** They count for exchanges that begin from now on. */
    RELOADED,
    /** They will not do: nothing has changed. */
    REFUSED
  }

  /** Copies the list. */
  public SettingsEvent {
    problems = List.copyOf(problems);
  }

  @Override
  public String name() {
    return "settings-" + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String subject() {
    return "";
  }

  @Override
  public String detail() {
    return String.join("; ", problems);
  }
}
