package io.tidegate.reverse.traffic;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.List;

/**
 * Which server decides whether a request may pass.
 *
 * @param cluster the name of the cluster that is asked
 * @param path the path it is asked with, and perhaps a query
 * @param granted names of fields that a 2xx answer adds to the upstream request; those of the
 *     client are removed
 */
public record AuthorizationSettings(String cluster, String path, List<String> granted) {
  /** Copies the list; rejects what cannot work. */
  public AuthorizationSettings {
    granted = List.copyOf(granted);
    Checks checks = new Checks();
    if (!path.startsWith("/") || !Ascii.isTarget(path)) {
      checks.reject("authorization path", path, "a path like /verify");
    }
    for (String name : granted) {
      if (!Ascii.isToken(name)) {
        checks.reject("authorization field", name, "a field name");
      }
    }
    checks.done();
  }
}
