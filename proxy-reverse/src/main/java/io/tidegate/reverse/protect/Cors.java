package io.tidegate.reverse.protect;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of some other origins ask: answers preflights, and adds to responses what makes
 * browsers hand them over. What the application says about it is replaced.
 */
final class Cors {
  private static final FieldName ORIGIN = FieldName.of("Origin");
  private static final FieldName REQUEST_METHOD = FieldName.of("Access-Control-Request-Method");
  private static final FieldName REQUEST_FIELDS = FieldName.of("Access-Control-Request-Headers");
  private static final FieldName ALLOW_ORIGIN = FieldName.of("Access-Control-Allow-Origin");
  private static final FieldName ALLOW_CREDENTIALS =
      FieldName.of("Access-Control-Allow-Credentials");
  private static final FieldName ALLOW_METHODS = FieldName.of("Access-Control-Allow-Methods");
  private static final FieldName ALLOW_FIELDS = FieldName.of("Access-Control-Allow-Headers");
  private static final FieldName EXPOSE_FIELDS = FieldName.of("Access-Control-Expose-Headers");
  private static final FieldName MAX_AGE = FieldName.of("Access-Control-Max-Age");
  private static final List<FieldName> OF_RESPONSES =
      List.of(ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_FIELDS, EXPOSE_FIELDS, MAX_AGE);

  private static final Failure REFUSED =
      Failure.denied("pages of this origin may not ask").with("Vary", "Origin");

  private final CorsSettings settings;
  private final OriginPattern[] origins;
  private final Set<String> methods = new TreeSet<>(Set.of("GET", "HEAD", "POST"));
  private final Set<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  Cors(CorsSettings settings) {
    this.settings = settings;
    List<OriginPattern> patterns = new ArrayList<>();
    for (String origin : settings.origins()) {
      OriginPattern pattern = OriginPattern.parse(origin);
      if (pattern == null) {
        throw new AssertionError("unchecked origin " + origin);
      }
      patterns.add(pattern);
    }
    this.origins = patterns.toArray(OriginPattern[]::new);
    methods.addAll(settings.methods());
    fields.addAll(settings.fields());
  }

  /** Whether responses are the same for every request. */
  boolean treatsAllAlike() {
    return settings.anyOrigin();
  }

  /**
   * The answer if {@code request} is a preflight: what a browser asks before it lets a page ask.
   * Null for any other request.
   */
  @Nullable Resolution preflight(ClientRequest request) {
    Fields received = request.head().fields();
    boolean asks =
        request.head().method().equals("OPTIONS")
            && received.contains(ORIGIN)
            && received.contains(REQUEST_METHOD);
    if (!asks) {
      return null;
    }
    if (allowedOrigin(received) == null) {
      return REFUSED;
    }
    FieldEdits answer = new FieldEdits(Fields.empty());
    addTo(answer, received);
    answer.remove(EXPOSE_FIELDS);
    answer.add(ALLOW_METHODS, String.join(", ", methods));
    addAllowedFields(answer, received);
    settings.maxAge().ifPresent(age -> answer.add(MAX_AGE, Long.toString(age.toSeconds())));
    return new OwnResponse(204, answer.toFields(), new byte[0]);
  }

  /** Names the fields that may be set; if any may, those that the page wants. */
  private void addAllowedFields(FieldEdits answer, Fields received) {
    if (!settings.anyField()) {
      if (!fields.isEmpty()) {
        answer.add(ALLOW_FIELDS, String.join(", ", fields));
      }
      return;
    }
    answer.append(FieldName.VARY, REQUEST_FIELDS.toString());
    List<String> wanted = received.tokens(REQUEST_FIELDS);
    if (!wanted.isEmpty() && wanted.stream().allMatch(Ascii::isToken)) {
      answer.add(ALLOW_FIELDS, String.join(", ", wanted).toLowerCase(Locale.ROOT));
    }
  }

  /** Adds to a response what lets the page that asked read it. */
  void addTo(FieldEdits response, Fields received) {
    for (FieldName name : OF_RESPONSES) {
      if (response.received().contains(name)) {
        response.remove(name);
      }
    }
    if (!settings.anyOrigin()) {
      addVary(response);
    }
    String allowed = allowedOrigin(received);
    if (allowed == null) {
      return;
    }
    response.set(ALLOW_ORIGIN, allowed);
    if (settings.credentials()) {
      response.set(ALLOW_CREDENTIALS, "true");
    }
    if (!settings.exposedFields().isEmpty()) {
      response.set(EXPOSE_FIELDS, String.join(", ", settings.exposedFields()));
    }
  }

  /** Also for requests without Origin: a cache must not hand their response to those with one. */
  private static void addVary(FieldEdits response) {
    for (String line : response.all(FieldName.VARY)) {
      for (String member : line.split(",", -1)) {
        if (member.strip().equals("*") || member.strip().equalsIgnoreCase("Origin")) {
          return;
        }
      }
    }
    response.append(FieldName.VARY, "Origin");
  }

  /** What the response names as origin; null if the page may not ask, or no page does. */
  private @Nullable String allowedOrigin(Fields received) {
    if (settings.anyOrigin()) {
      return CorsSettings.ANY;
    }
    int index = received.indexOf(ORIGIN, 0);
    if (index < 0 || received.indexOf(ORIGIN, index + 1) >= 0) {
      return null;
    }
    String origin = received.value(index);
    for (OriginPattern pattern : origins) {
      if (pattern.takes(origin)) {
        return origin;
      }
    }
    return null;
  }
}
