package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request fields by which some applications replace the path, the host or the method: a request
 * that the proxy judged by one would be served as another.
 */
final class OverrideFields implements RequestFilter {
  private static final Failure REFUSED =
      Refusals.badRequest("a field that overrides the path, the host or the method");

  private static final List<FieldName> NAMES =
      List.of(
          FieldName.of("X-Original-URL"),
          FieldName.of("X-Rewrite-URL"),
          FieldName.of("X-Original-Host"),
          FieldName.of("X-Host"),
          FieldName.of("X-HTTP-Method-Override"),
          FieldName.of("X-HTTP-Method"),
          FieldName.of("X-Method-Override"));

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    Fields fields = request.head().fields();
    for (FieldName name : NAMES) {
      if (fields.contains(name)) {
        return REFUSED;
      }
    }
    return null;
  }

  /** Removes them from an upstream request. */
  static void remove(FieldEdits fields) {
    for (FieldName name : NAMES) {
      if (fields.received().contains(name)) {
        fields.remove(name);
      }
    }
  }
}
