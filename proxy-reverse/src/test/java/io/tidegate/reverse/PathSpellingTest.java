package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.AmbiguousPaths;
import io.tidegate.reverse.route.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling of a path reaches a route, or gets round one, that its plain form does not. */
class PathSpellingTest {
  private static RouteTable table(AmbiguousPaths ambiguous, RouteMatch... matches) {
    ReverseProxy.Builder builder = ReverseProxy.builder().ambiguousPaths(ambiguous);
    for (RouteMatch match : matches) {
      String cluster = match.path() + match.conditions().pathRegex();
      builder.cluster(cluster, c -> c.endpoint("http://app")).route(match, r -> r.to(cluster));
    }
    return RouteTables.of(builder.settings());
  }

  private static String routed(RouteTable table, String target) {
    Resolution resolution = table.resolve(Requests.get("h", target));
    return resolution instanceof Failure failure
        ? Integer.toString(failure.status())
        : resolution.toString();
  }

  private static final RouteMatch[] RULES = {
    path("/**"),
    path("/a/b"),
    path("/v/{id}"),
    path("/p/**"),
    path("/r/**").pathRegex("/r/[a-z]+"),
    path("/e%2Fe"),
  };

  @ParameterizedTest(name = "{0} takes {1}")
  @CsvSource({
    // a literal path
    "/a/b, /a/b",
    "/%61/%62, /a/b",
    "/./a/b, /a/b",
    "/x/../a/b, /a/b",
    "/x/%2e%2E/a/b, /a/b",
    "/a/b?/../c, /a/b",
    "/a/b/, /**",
    "/A/b, /**",
    "/a%2fb, 400",
    "/a%5Cb, 400",
    "'/a\\b', 400",
    "//a/b, 400",
    "/a//b, 400",
    "/a;x/b, 400",
    "/a/b;x=1, 400",
    "/a/b%3bx, 400",
    "/a/b%00, 400",
    "/a/b%00.png, 400",
    "/%2561/b, 400",
    "/a%252fb, 400",
    "/a/..;/a/b, 400",
    "/x/..%2fa/b, 400",
    "/x/..%5Ca/b, 400",
    "/x%2f../a/b, 400",
    "/x/%252e%252e/a/b, 400",
    // one segment of any text
    "/v/7, /v/{id}",
    "/%76/%37, /v/{id}",
    "/v/x%20y, /v/{id}",
    "/v/%25, /v/{id}",
    "/v/100%25zz, /v/{id}",
    "/v/7;x, /v/{id}",
    "/v/7%3Bx, /v/{id}",
    "/v/, /**",
    "/v/7/8, /**",
    "/v/7%2f8, 400",
    "/v/%2f7, 400",
    "/v/;x, 400",
    "/v//7, 400",
    // everything below
    "/p, /p/**",
    "/p/, /p/**",
    "/p/x%2Fy/z, /p/**",
    "/p//x, /p/**",
    "/p;x/y, 400",
    "/%70/../p/x, /p/**",
    "/p/../x, /**",
    "/p%2fx, 400",
    "/p%00x, 400",
    "/px, /**",
    "/p/%252e%252e/x, 400",
    "/p/%252e/x, /p/**",
    // a regular expression
    "/r/abc, /r/**/r/[a-z]+",
    "/r/%61bc, /r/**/r/[a-z]+",
    "/r/./abc, /r/**/r/[a-z]+",
    "/r/ABC, /**",
    "/r/abc/, /**",
    "/r/abc%2f, /**",
    "/r/abc;x, 400",
    "/r/abc%0a, /**",
    "/r/abc%00, 400",
    // an escaped slash that the route asks for
    "/e/e, /**",
    "/e%2fe, 400",
  })
  void oneSpellingDecides(String target, String expected) {
    assertEquals(expected, routed(table(AmbiguousPaths.SAME_ROUTE, RULES), target));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/e%2fe, /e%2Fe",
    "/a%2fb, /**",
    "/v/7%2F8, /v/{id}",
    "//a/b, /**",
    "/a/b;x, /**",
    "/v/%2561, /v/{id}",
    "/p/..%2fx, 400",
    "/p/..;/x, 400",
  })
  void whoKnowsItsUpstreamsMayTakePathsAsSpelled(String target, String expected) {
    assertEquals(expected, routed(table(AmbiguousPaths.AS_SPELLED, RULES), target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/p/a%2fb",
        "/p//",
        "/p/;",
        "/p/%3b",
        "/p/%5c",
        "/p/\\",
        "/p/%2500",
        "/p/%00",
        "/e%2Fe"
      })
  void ambiguousPathsMayBeRefusedAltogether(String target) {
    assertEquals("400", routed(table(AmbiguousPaths.REFUSED, RULES), target));
    assertEquals(
        "/p/**", routed(table(AmbiguousPaths.REFUSED, RULES), "/p/%25/%61/../.x%25zz?;%2f"));
  }

  @Test
  void aPathThatCanBeReadInTooManyWaysIsRefused() {
    RouteTable table = table(AmbiguousPaths.SAME_ROUTE, path("/**"));
    String strange = "/a;b/%2525//c%2Fd\\e%3Bf";
    assertEquals("/**", routed(table, strange));
    assertEquals("400", routed(table, strange + "/x".repeat(10_000)));
  }

  @Test
  void aRouteIsNotFoundUnderAnAmbiguousPathEither() {
    RouteTable table = table(AmbiguousPaths.SAME_ROUTE, path("/a/{x}"));
    assertEquals("404", routed(table, "/b%2Fc"));
    assertEquals("400", routed(table, "/a%2Fb"));
    assertEquals("400", routed(table, "/a/b%2Fc"));
  }

  private static final String[] PIECES = {
    "a", "b", "p", "r", "v", "e", "7", "abc", ".", "..", "", "%", "%25", "%2561", "%252e", "%252F",
    "%2F", "%2f", "%5C", "\\", ";", ";x", "%3B", "%00", "%20", "%c3%a9", "+", "~", "%2e", "..;", "A"
  };

  /** A path of odd pieces, each character perhaps escaped. */
  private static String odd(Random random) {
    StringBuilder path = new StringBuilder("/");
    int pieces = 1 + random.nextInt(7);
    for (int i = 0; i < pieces; i++) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      path.append(escaped(piece, random)).append(random.nextInt(3) > 0 ? "/" : "");
    }
    return path.toString();
  }

  private static String escaped(String text, Random random) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = "%/\\;+".indexOf(c) < 0 && (i == 0 || text.indexOf('%') < 0);
      String format = random.nextBoolean() ? "%%%02x" : "%%%02X";
      escaped.append(plain && random.nextInt(4) == 0 ? String.format(format, (int) c) : c);
    }
    return escaped.toString();
  }

  @Test
  void noEscapesAndDotSegmentsLeadElsewhere() {
    RouteTable table = table(AmbiguousPaths.AS_SPELLED, RULES);
    Random random = new Random(4);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      String[] words = {"a", "b", "p", "r", "v", "abc", "7", "x-y_z.~"};
      StringBuilder plain = new StringBuilder();
      StringBuilder spelled = new StringBuilder();
      for (int n = random.nextInt(4); n >= 0; n--) {
        String word = words[random.nextInt(words.length)];
        plain.append('/').append(word);
        spelled.append(List.of("", "", "/.", "/%2e", "/q/..", "/q/%2E.").get(random.nextInt(6)));
        spelled.append('/').append(escaped(word, random));
      }
      String expected = routed(table, plain.toString());
      seen.add(expected);
      assertEquals(expected, routed(table, spelled.toString()), spelled.toString());
    }
    assertTrue(seen.containsAll(Set.of("/**", "/a/b", "/v/{id}", "/p/**", "/r/**/r/[a-z]+")));
  }

  @Test
  void whatAnUpstreamMakesOfAPathTakesTheSameRoute() {
    RouteTable table = table(AmbiguousPaths.SAME_ROUTE, RULES);
    Random random = new Random(4);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      String spelled = odd(random);
      ClientRequest request = Requests.get("h", spelled);
      if (table.resolve(request) instanceof Route route) {
        taken++;
        String sent = route.pathAndQuery(request);
        String read = Upstream.withHabits(random).read(sent);
        assertEquals(route.toString(), routed(table, read), spelled + " is read as " + read);
      }
    }
    assertTrue(taken > 4_000, "routed: " + taken);
  }

  @Test
  void noPathIsSentThatStillHasDotSegments() {
    RouteTable table = table(AmbiguousPaths.AS_SPELLED, RULES);
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      ClientRequest request = Requests.get("h", odd(random));
      if (table.resolve(request) instanceof Route route) {
        String sent = route.pathAndQuery(request);
        for (String segment : sent.replaceAll("(?i)%2e", ".").split("/|(?i)%2f|\\\\|(?i)%5c", -1)) {
          assertTrue(!segment.equals(".") && !segment.equals(".."), sent);
        }
      }
    }
  }

  /** A server that reads paths in its own way. */
  private record Upstream(
      boolean slash,
      boolean backslash,
      boolean zero,
      boolean parameters,
      boolean merges,
      boolean twice) {
    /** Stands for an escaped slash that does not part segments. */
    private static final char TEXT_SLASH = '\u0001';

    static Upstream withHabits(Random random) {
      return new Upstream(
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean());
    }

    /** The path it sees, spelled plainly. */
    String read(String sent) {
      String path = decoded(sent);
      path = twice ? decoded(path) : path;
      path = zero && path.indexOf('\0') >= 0 ? path.substring(0, path.indexOf('\0')) : path;
      path = backslash ? path.replace('\\', '/') : path;
      path = parameters ? path.replaceAll(";[^/]*", "") : path;
      path = merges ? path.replaceAll("/+", "/") : path;
      StringBuilder plain = new StringBuilder();
      for (byte octet : withoutDots(path).getBytes(StandardCharsets.ISO_8859_1)) {
        char c = (char) (octet & 0xff);
        boolean kept =
            c == '/' || Character.isLetterOrDigit(c) && c < 128 || "-._~+".indexOf(c) >= 0;
        String escape = String.format("%%%02X", (int) (c == TEXT_SLASH ? '/' : c));
        plain.append(kept ? String.valueOf(c) : escape);
      }
      return plain.toString();
    }

    private String decoded(String path) {
      StringBuilder decoded = new StringBuilder();
      for (int i = 0; i < path.length(); i++) {
        char c = path.charAt(i);
        boolean escape =
            c == '%'
                && path.substring(i, Math.min(i + 3, path.length())).matches("%\\p{XDigit}{2}");
        if (escape) {
          c = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
          i += 2;
        }
        decoded.append(escape && c == '/' && !slash ? TEXT_SLASH : c);
      }
      return decoded.toString();
    }

    private static String withoutDots(String path) {
      Deque<String> kept = new ArrayDeque<>();
      String[] segments = path.substring(1).split("/", -1);
      for (int i = 0; i < segments.length; i++) {
        boolean dots = segments[i].equals(".") || segments[i].equals("..");
        if (segments[i].equals("..")) {
          kept.pollLast();
        }
        if (!dots || i == segments.length - 1) {
          kept.addLast(dots ? "" : segments[i]);
        }
      }
      return "/" + String.join("/", kept);
    }
  }
}
