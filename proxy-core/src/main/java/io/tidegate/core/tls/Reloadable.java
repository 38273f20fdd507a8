package io.tidegate.core.tls;

import java.time.Duration;
import java.util.Optional;

/** What was read from files, and can be read again when they have changed. */
public interface Reloadable {
  /** The first of the files; empty if there are none. */
  String subject();

  /** Whether files have changed since they were read, and rest. It blocks. */
  boolean isChanged();

  /** How often they are to be looked at; empty for never. */
  Optional<Duration> reloadInterval();

  /**
   * Reads all files again. Whatever cannot be read stays as it was, the rest is new from now on. It
   * blocks; for any thread.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that stays as it was
   */
  void reload();
}
