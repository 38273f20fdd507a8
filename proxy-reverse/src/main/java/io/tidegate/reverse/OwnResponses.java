package io.tidegate.reverse;

import io.tidegate.core.header.FieldRules;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RedirectTarget;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.route.RouteTarget;
import java.nio.charset.StandardCharsets;

/**
 * Targets of routes that are answered by the proxy itself, with the fields that rules give them.
 */
final class OwnResponses {
  private OwnResponses() {}

  static RouteTarget redirect(RouteAction.Redirect redirect, PathTemplate path, FieldRules rules) {
    FieldEdits fields = new FieldEdits(Fields.empty());
    rules.apply(fields);
    return new RedirectTarget(redirect, path, fields.toFields());
  }

  static RouteTarget fixed(RouteAction.Respond respond, FieldRules rules) {
    FieldEdits fields = new FieldEdits(Fields.empty());
    if (!respond.content().isEmpty()) {
      fields.add(FieldName.CONTENT_TYPE, "text/plain; charset=utf-8");
    }
    rules.apply(fields);
    byte[] content = respond.content().getBytes(StandardCharsets.UTF_8);
    OwnResponse response = new OwnResponse(respond.status(), fields.toFields(), content);
    return request -> response;
  }
}
