package io.tidegate.core.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page for browsers and its parts: nothing that is not the same for everybody. */
final class Page {
  /**
   * Nothing is loaded from elsewhere, nothing in the page itself is run, nobody may show it inside
   * another page.
   */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, AdminResource.Text> FILES =
      Map.of(
          "/", read("page.html", "text/html; charset=utf-8"),
          "/page.css", read("page.css", "text/css; charset=utf-8"),
          "/page.js", read("page.js", "text/javascript; charset=utf-8"),
          "/chart.js", read("chart.js", "text/javascript; charset=utf-8"),
          "/icon.svg", read("icon.svg", "image/svg+xml"));

  private Page() {}

  /** What is at {@code path}, or null. */
  static AdminResource.@Nullable Text at(String path) {
    return FILES.get(path);
  }

  private static AdminResource.Text read(String name, String type) {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return new AdminResource.Text(type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
