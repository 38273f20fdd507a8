package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Adds the fields that tell browsers to be careful. */
final class SecurityFields {
  private static final FieldName STRICT_TRANSPORT = FieldName.of("Strict-Transport-Security");
  private static final FieldName CONTENT_TYPE_OPTIONS = FieldName.of("X-Content-Type-Options");
  private static final FieldName FRAME_OPTIONS = FieldName.of("X-Frame-Options");
  private static final FieldName CONTENT_POLICY = FieldName.of("Content-Security-Policy");
  private static final FieldName REFERRER_POLICY = FieldName.of("Referrer-Policy");
  private static final FieldName PERMISSIONS_POLICY = FieldName.of("Permissions-Policy");
  private static final FieldName OPENER_POLICY = FieldName.of("Cross-Origin-Opener-Policy");
  private static final FieldName EMBEDDER_POLICY = FieldName.of("Cross-Origin-Embedder-Policy");
  private static final FieldName RESOURCE_POLICY = FieldName.of("Cross-Origin-Resource-Policy");

  private record Line(FieldName name, String value) {}

  private final SecurityFieldSettings settings;
  private final List<Line> always = new ArrayList<>();

  SecurityFields(SecurityFieldSettings settings) {
    this.settings = settings;
    if (settings.noSniff()) {
      always.add(new Line(CONTENT_TYPE_OPTIONS, "nosniff"));
    }
    line(REFERRER_POLICY, settings.referrerPolicy());
    line(PERMISSIONS_POLICY, settings.permissionsPolicy());
    line(OPENER_POLICY, settings.openerPolicy());
    line(EMBEDDER_POLICY, settings.embedderPolicy());
    line(RESOURCE_POLICY, settings.resourcePolicy());
  }

  private void line(FieldName name, Optional<String> value) {
    value.ifPresent(text -> always.add(new Line(name, text)));
  }

  /** Whether the fields are the same for every request. */
  boolean treatsAllAlike() {
    return settings.strictTransportSecurity().isEmpty();
  }

  /**
   * Adds them to a response.
   *
   * @param secure whether the client's connection is TLS: without it Strict-Transport-Security must
   *     not be sent (RFC 6797 §7.2)
   */
  void apply(FieldEdits fields, boolean secure) {
    for (Line line : always) {
      add(fields, line.name, line.value);
    }
    settings.frameAncestors().ifPresent(sources -> addFrameAncestors(fields, sources));
    if (secure) {
      settings.strictTransportSecurity().ifPresent(value -> add(fields, STRICT_TRANSPORT, value));
    }
  }

  private void add(FieldEdits fields, FieldName name, String value) {
    if (settings.overwrite() || !fields.contains(name)) {
      fields.set(name, value);
    }
  }

  /**
   * Says who may frame the page, unless the application did, in either field: where both are, only
   * {@code frame-ancestors} counts (CSP Level 3 §6.4.2.2). It goes into a line of its own, which is
   * a policy beside the application's and loosens nothing in it.
   */
  private void addFrameAncestors(FieldEdits fields, String sources) {
    boolean said = fields.contains(FRAME_OPTIONS) || namesFrameAncestors(fields);
    if (said && !settings.overwrite()) {
      return;
    }
    fields.remove(FRAME_OPTIONS);
    if (sources.equals("'none'")) {
      fields.add(FRAME_OPTIONS, "DENY");
    } else if (sources.equals("'self'")) {
      fields.add(FRAME_OPTIONS, "SAMEORIGIN");
    }
    if (said) {
      removeFrameAncestors(fields);
    }
    fields.add(CONTENT_POLICY, "frame-ancestors " + sources);
  }

  private static boolean namesFrameAncestors(FieldEdits fields) {
    for (String policy : fields.all(CONTENT_POLICY)) {
      if (policy.toLowerCase(Locale.ROOT).contains("frame-ancestors")) {
        return true;
      }
    }
    return false;
  }

  /** Takes the directive out of the application's policies, and leaves the rest of them. */
  private static void removeFrameAncestors(FieldEdits fields) {
    List<String> policies = fields.all(CONTENT_POLICY);
    fields.remove(CONTENT_POLICY);
    for (String line : policies) {
      for (String policy : line.split(",", -1)) {
        String rest = withoutFrameAncestors(policy);
        if (!rest.isEmpty()) {
          fields.add(CONTENT_POLICY, rest);
        }
      }
    }
  }

  private static String withoutFrameAncestors(String policy) {
    List<String> kept = new ArrayList<>();
    for (String directive : policy.split(";", -1)) {
      String text = directive.strip();
      if (!text.isEmpty() && !text.toLowerCase(Locale.ROOT).startsWith("frame-ancestors")) {
        kept.add(text);
      }
    }
    return String.join("; ", kept);
  }
}
