package io.tidegate.reverse.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.reverse.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static Cors cors(Consumer<CorsBuilder> details) {
    CorsBuilder builder = new CorsBuilder();
    details.accept(builder);
    return new Cors(builder.settings());
  }

  private static ClientRequest request(String method, String... fields) {
    return Requests.request(method, "api.example", "/", true, "203.0.113.9", fields);
  }

  private static List<String> lines(Fields fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      lines.add(fields.name(i) + ": " + fields.value(i));
    }
    return lines;
  }

  /** The fields of a response to a request with this Origin, if any. */
  private static List<String> answered(Cors cors, String origin, String... ofUpstream) {
    FieldEdits edits = new FieldEdits(Fields.of(ofUpstream));
    cors.addTo(edits, origin.isEmpty() ? Fields.empty() : Fields.of("Origin", origin));
    return lines(edits.toFields());
  }

  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource({
    "https://app.example, https://app.example, true",
    "HTTPS://App.Example, https://app.example, true",
    "https://app.example, http://app.example, false",
    "https://app.example, https://app.example:8443, false",
    "https://app.example, https://app.example.evil, false",
    "https://app.example, https://evilapp.example, false",
    "https://app.example:8443, https://app.example:8443, true",
    "https://*.app.example, https://a.app.example, true",
    "https://*.app.example, https://a.b.app.example, true",
    "https://*.app.example, https://app.example, false",
    "https://*.app.example, https://.app.example, false",
    "https://*.app.example, https://evil.example/.app.example, false",
    "https://*.app.example, https://evil.example#.app.example, false",
    "https://*.app.example, https://evil.example:80.app.example, false",
    "https://*.app.example, https://evilapp.example, false",
    "https://*.app.example, http://a.app.example, false",
    "https://*.app.example:81, https://a.app.example:81, true",
    "null, null, true",
    "https://app.example, null, false",
    "https://*.app.example, null, false",
  })
  void onlyNamedOriginsMayRead(String pattern, String origin, boolean allowed) {
    List<String> expected = new ArrayList<>(List.of("Vary: Origin"));
    if (allowed) {
      expected.add("Access-Control-Allow-Origin: " + origin);
    }
    assertEquals(expected, answered(cors(c -> c.origins(pattern)), origin));
  }

  @Test
  void withAnyOriginNothingDependsOnIt() {
    Cors cors = cors(c -> c.origins("*").exposedFields("X-Total", "X-Page"));
    List<String> expected =
        List.of("Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: X-Total, X-Page");
    assertEquals(expected, answered(cors, "https://x.example"));
    assertEquals(expected, answered(cors, ""));
  }

  @Test
  void credentialsAreAllowedToNamedOrigins() {
    assertEquals(
        List.of(
            "Vary: Origin",
            "Access-Control-Allow-Origin: https://app.example",
            "Access-Control-Allow-Credentials: true"),
        answered(cors(c -> c.origins("https://app.example").credentials()), "https://app.example"));
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Accept            | Accept, Origin",
        "Accept, ORIGIN    | Accept, ORIGIN",
        "*                 | *",
      })
  void varyNamesOriginOnce(String before, String after) {
    assertEquals(
        List.of("Vary: " + after),
        answered(cors(c -> c.origins("https://app.example")), "", "Vary", before));
  }

  @Test
  void whatTheApplicationSaysIsReplaced() {
    assertEquals(
        List.of("A: 1", "Vary: Origin"),
        answered(
            cors(c -> c.origins("https://app.example")),
            "https://evil.example",
            "Access-Control-Allow-Origin",
            "*",
            "A",
            "1",
            "access-control-allow-credentials",
            "true",
            "Access-Control-Expose-Headers",
            "B"));
  }

  @Test
  void severalOriginsAreNone() {
    FieldEdits edits = new FieldEdits(Fields.empty());
    cors(c -> c.origins("https://app.example"))
        .addTo(edits, Fields.of("Origin", "https://app.example", "Origin", "https://evil.example"));
    assertEquals(List.of("Vary: Origin"), lines(edits.toFields()));
  }

  @Test
  void aPreflightIsAnswered() {
    Cors cors =
        cors(
            c ->
                c.origins("https://app.example")
                    .methods("DELETE", "PUT")
                    .fields("X-B", "X-A")
                    .exposedFields("X-Total")
                    .credentials()
                    .maxAge(Duration.ofMinutes(10)));
    OwnResponse answer =
        assertInstanceOf(
            OwnResponse.class,
            cors.preflight(
                request(
                    "OPTIONS",
                    "Origin",
                    "https://app.example",
                    "Access-Control-Request-Method",
                    "PUT",
                    "Access-Control-Request-Headers",
                    "x-a")));
    assertEquals(204, answer.status());
    assertEquals(
        List.of(
            "Vary: Origin",
            "Access-Control-Allow-Origin: https://app.example",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Allow-Methods: DELETE, GET, HEAD, POST, PUT",
            "Access-Control-Allow-Headers: X-A, X-B",
            "Access-Control-Max-Age: 600"),
        lines(answer.fields()));
  }

  @Test
  void withAnyFieldThoseThatAreWantedAreNamed() {
    Cors cors = cors(c -> c.origins("*").fields("*"));
    OwnResponse answer =
        assertInstanceOf(
            OwnResponse.class,
            cors.preflight(
                request(
                    "OPTIONS",
                    "Origin",
                    "https://x.example",
                    "Access-Control-Request-Method",
                    "GET",
                    "Access-Control-Request-Headers",
                    "X-A, authorization")));
    assertEquals(
        List.of(
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Methods: GET, HEAD, POST",
            "Vary: Access-Control-Request-Headers",
            "Access-Control-Allow-Headers: x-a, authorization"),
        lines(answer.fields()));
  }

  @Test
  void aPreflightOfAnotherOriginIsRefused() {
    Failure refused =
        assertInstanceOf(
            Failure.class,
            cors(c -> c.origins("https://app.example"))
                .preflight(
                    request(
                        "OPTIONS",
                        "Origin",
                        "https://evil.example",
                        "Access-Control-Request-Method",
                        "GET")));
    assertEquals(403, refused.status());
    assertEquals(List.of("Vary: Origin"), lines(refused.fields()));
  }

  @Test
  void otherRequestsAreNoPreflights() {
    Cors cors = cors(c -> c.origins("*"));
    assertNull(cors.preflight(request("OPTIONS", "Origin", "https://a.example")));
    assertNull(cors.preflight(request("OPTIONS", "Access-Control-Request-Method", "GET")));
    assertNull(
        cors.preflight(
            request("GET", "Origin", "https://a.example", "Access-Control-Request-Method", "GET")));
  }

  private static List<String> problems(Consumer<CorsBuilder> details) {
    return assertThrows(InvalidSettingsException.class, () -> cors(details)).problems();
  }

  @Test
  void whatCannotWorkIsRejected() {
    assertEquals(List.of("cors: origins: none (expected: at least one)"), problems(c -> {}));
    assertEquals(
        List.of("cors: credentials: true (expected: origins that are named, not *)"),
        problems(c -> c.origins("*").credentials()));
    assertEquals(
        List.of("cors: origins: *, null (expected: * alone, or no *)"),
        problems(c -> c.origins("*", "null")));
    assertEquals(
        List.of(
            "cors: methods: a b (expected: a token)",
            "cors: fields:  (expected: a token)",
            "cors: exposedFields: a,b (expected: a token)",
            "cors: maxAge: PT-1S (expected: >= 0)"),
        problems(
            c ->
                c.origins("null")
                    .methods("a b")
                    .fields("")
                    .exposedFields("a,b")
                    .maxAge(Duration.ofSeconds(-1))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.example",
        "https://",
        "https://app.example/",
        "https://app.example:443",
        "http://app.example:80",
        "https://a.*.example",
        "https://*",
        "https://*..example",
        "https://app.example:",
        "*.app.example",
        ""
      })
  void whatIsNoOriginIsRejected(String origin) {
    assertEquals(
        List.of("cors: origins: " + origin + " (expected: " + OriginPattern.EXPECTED + ")"),
        problems(c -> c.origins(origin)));
  }
}
