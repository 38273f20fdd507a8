package io.tidegate.core.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
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

  /** The modules of the script; each imports those it needs. */
  private static final List<String> SCRIPTS =
      List.of("api", "chart", "dom", "events", "figures", "format", "page", "tables", "talk");

  private static final Map<String, AdminResource.Text> FILES = files();

  private Page() {}

  private static Map<String, AdminResource.Text> files() {
    Map<String, AdminResource.Text> files = new HashMap<>();
    files.put("/", read("page.html", "text/html; charset=utf-8"));
    files.put("/page.css", read("page.css", "text/css; charset=utf-8"));
    files.put("/icon.svg", read("icon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      String file = script + ".js";
      files.put("/" + file, read(file, "text/javascript; charset=utf-8"));
    }
    return Map.copyOf(files);
  }

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
