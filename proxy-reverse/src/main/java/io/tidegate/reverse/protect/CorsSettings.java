package io.tidegate.reverse.protect;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What pages of other origins may ask (CORS, as the Fetch standard has it).
 *
 * @param origins origins like {@code https://app.example}, {@code https://*.app.example} for every
 *     host below one, {@code null} for pages without origin, or {@code *} alone for any
 * @param methods methods beyond GET, HEAD and POST that they may use
 * @param fields request fields that they may set, or {@code *} alone for any
 * @param exposedFields response fields that they may read, beyond the usual
 * @param credentials whether they may send cookies and the like
 * @param maxAge how long a browser may keep the answer of a preflight; empty for its default
 */
public record CorsSettings(
    List<String> origins,
    List<String> methods,
    List<String> fields,
    List<String> exposedFields,
    boolean credentials,
    Optional<Duration> maxAge) {
  /** Stands for any. */
  public static final String ANY = "*";

  /** Copies the lists; rejects what cannot work. */
  public CorsSettings {
    origins = List.copyOf(origins);
    methods = List.copyOf(methods);
    fields = List.copyOf(fields);
    exposedFields = List.copyOf(exposedFields);
    Checks checks = new Checks();
    if (origins.isEmpty()) {
      checks.reject("cors: origins", "none", "at least one");
    }
    for (String origin : origins) {
      if (OriginPattern.parse(origin) == null) {
        checks.reject("cors: origins", origin, OriginPattern.EXPECTED);
      }
    }
    if (origins.contains(ANY) && origins.size() > 1) {
      checks.reject("cors: origins", String.join(", ", origins), "* alone, or no *");
    }
    if (credentials && origins.contains(ANY)) {
      checks.reject("cors: credentials", true, "origins that are named, not *");
    }
    tokens(checks, "cors: methods", methods);
    tokens(checks, "cors: fields", fields);
    tokens(checks, "cors: exposedFields", exposedFields);
    if (maxAge.filter(Duration::isNegative).isPresent()) {
      checks.reject("cors: maxAge", maxAge.get(), ">= 0");
    }
    checks.done();
  }

  private static void tokens(Checks checks, String setting, List<String> texts) {
    for (String text : texts) {
      if (!Ascii.isToken(text)) {
        checks.reject(setting, text, "a token");
      }
    }
  }

  boolean anyOrigin() {
    return origins.contains(ANY);
  }

  boolean anyField() {
    return fields.contains(ANY);
  }
}
