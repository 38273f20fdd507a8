package io.tidegate.reverse.protect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what pages of other origins may ask. */
public final class CorsBuilder {
  private final List<String> origins = new ArrayList<>();
  private final List<String> methods = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private final List<String> exposedFields = new ArrayList<>();
  private boolean credentials;
  private Optional<Duration> maxAge = Optional.empty();

  CorsBuilder() {}

  /** Takes over what {@code settings} say. */
  void settings(CorsSettings settings) {
    origins.addAll(settings.origins());
    methods.addAll(settings.methods());
    fields.addAll(settings.fields());
    exposedFields.addAll(settings.exposedFields());
    this.credentials = settings.credentials();
    this.maxAge = settings.maxAge();
  }

  /**
   * Whose pages may ask: origins like {@code https://app.example}, {@code https://*.app.example}
   * for every host below one, {@code null} for pages without an origin, or {@code *} alone for any.
   */
  public CorsBuilder origins(String... origins) {
    this.origins.addAll(List.of(origins));
    return this;
  }

  /** Methods they may use beyond GET, HEAD and POST. */
  public CorsBuilder methods(String... methods) {
    this.methods.addAll(List.of(methods));
    return this;
  }

  /** Request fields they may set beyond the usual; {@code *} alone for any. */
  public CorsBuilder fields(String... names) {
    this.fields.addAll(List.of(names));
    return this;
  }

  /** Response fields they may read beyond the usual. */
  public CorsBuilder exposedFields(String... names) {
    this.exposedFields.addAll(List.of(names));
    return this;
  }

  /** Lets them send cookies and other credentials; not with origin {@code *}. */
  public CorsBuilder credentials() {
    this.credentials = true;
    return this;
  }

  /** How long a browser may keep the answer of a preflight; 0 for not at all. */
  public CorsBuilder maxAge(Duration age) {
    this.maxAge = Optional.of(age);
    return this;
  }

  CorsSettings settings() {
    return new CorsSettings(origins, methods, fields, exposedFields, credentials, maxAge);
  }
}
