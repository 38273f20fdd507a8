package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * One access log: where it goes, to standard output unless a file, a logger or standard error is
 * named, and what its lines look like.
 *
 * @param file the file it is appended to, in a directory that is there
 * @param logger the name of the {@link System.Logger} that gets each line at level INFO
 * @param standardError whether it goes to standard error
 * @param format the form of lines without a pattern
 * @param pattern what lines look like instead: text with names of values in braces; a brace that is
 *     doubled stands for itself
 * @param members the names of the values that objects of JSON have; empty for the usual ones
 * @param zone the time zone of what is written, by its name in the tz database; UTC by default
 * @param rotation when files are complete
 * @param masking what is not written down
 * @param maxQueueBytes how many octets may wait to be written, 64 KiB to 1 GiB: lines that find no
 *     room are dropped, and counted
 */
public record AccessLogSettings(
    Optional<String> file,
    Optional<String> logger,
    boolean standardError,
    LogFormat format,
    Optional<String> pattern,
    List<String> members,
    String zone,
    RotationSettings rotation,
    MaskingSettings masking,
    int maxQueueBytes) {
  /** Combined, to standard output. */
  public static final AccessLogSettings DEFAULT =
      new AccessLogSettings(
          Optional.empty(),
          Optional.empty(),
          false,
          LogFormat.COMBINED,
          Optional.empty(),
          List.of(),
          "UTC",
          RotationSettings.DEFAULT,
          MaskingSettings.DEFAULT,
          4 << 20);

  /** Copies the list; rejects what cannot work. */
  public AccessLogSettings {
    members = List.copyOf(members);
    Checks checks =
        new Checks().between("accessLog maxQueueBytes", maxQueueBytes, 64 << 10, 1 << 30);
    if (targets(file, logger, standardError) > 1) {
      checks.reject("accessLog target", "more than one", "a file, a logger or a stream");
    }
    file.filter(name -> !isPath(name))
        .ifPresent(name -> checks.reject("accessLog file", name, "a path"));
    if (rotation.isOn() && file.isEmpty()) {
      checks.reject("accessLog rotation", "some", "a file");
    }
    if (!members.isEmpty() && (format != LogFormat.JSON || pattern.isPresent())) {
      checks.reject("accessLog members", members, "the format JSON");
    }
    if (!isZone(zone)) {
      checks.reject("accessLog zone", zone, "a time zone, like UTC or Europe/Berlin");
    }
    Optional<String> lines = pattern;
    List<String> named = members;
    checks.collect("accessLog ", () -> LineFormat.of(format, lines, named, masking));
    checks.done();
  }

  private static int targets(Optional<?> file, Optional<?> logger, boolean standardError) {
    return (file.isPresent() ? 1 : 0) + (logger.isPresent() ? 1 : 0) + (standardError ? 1 : 0);
  }

  private static boolean isPath(String name) {
    try {
      return !Path.of(name).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isZone(String name) {
    try {
      ZoneId.of(name);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The time zone of what is written. */
  ZoneId zoneId() {
    return ZoneId.of(zone).normalized() instanceof ZoneOffset fixed ? fixed : ZoneId.of(zone);
  }

  /** What lines look like. */
  LineFormat lineFormat() {
    return LineFormat.of(format, pattern, members, masking);
  }

  /** Where it goes, in words. */
  public String target() {
    return file.orElseGet(
        () ->
            logger
                .map(name -> "logger " + name)
                .orElse(standardError ? "standard error" : "standard output"));
  }
}
