package io.tidegate.reverse.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.header.FieldRule;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How endpoints are probed.
 *
 * @param path the path and query asked for
 * @param method GET or HEAD
 * @param interval from the begin of one probe of an endpoint to that of the next
 * @param jitter percentage of the interval by which it is longer or shorter at random, at most 50
 * @param timeout how long a probe may take in all
 * @param rise how many in a row must pass for an endpoint to come up
 * @param fall how many in a row must fail for it to go down
 * @param statuses the status codes of which a response must have one
 * @param content what must occur in the first 64 KiB of its content, as ISO-8859-1
 * @param port the port that is asked, unless it is that of the endpoint
 * @param host the Host that is asked for, unless it is that of the endpoint
 * @param fields other fields of the request
 * @param availableAtFirst whether endpoints get requests before their first probe has ended
 */
public record HealthCheckSettings(
    String path,
    String method,
    Duration interval,
    int jitter,
    Duration timeout,
    int rise,
    int fall,
    List<StatusRange> statuses,
    Optional<String> content,
    OptionalInt port,
    Optional<String> host,
    List<FieldRule> fields,
    boolean availableAtFirst) {
  /** How much of a response is read, in octets. */
  public static final int MAX_CONTENT = 64 << 10;

  /** The status codes of a check that is given none. */
  public static final List<StatusRange> DEFAULT_STATUSES = List.of(new StatusRange(200, 399));

  /** The usual probes, of {@code /}. */
  public static final HealthCheckSettings DEFAULT =
      new HealthCheckSettings(
          "/",
          "GET",
          Duration.ofSeconds(5),
          10,
          Duration.ofSeconds(2),
          2,
          3,
          DEFAULT_STATUSES,
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          List.of(),
          true);

  /** Copies the lists; rejects what cannot work. */
  public HealthCheckSettings {
    statuses = List.copyOf(statuses);
    fields = List.copyOf(fields);
    Checks checks = new Checks();
    if (!path.startsWith("/") || !Ascii.isTarget(path)) {
      checks.reject("health check: path", path, "/ and what may follow in a request target");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      checks.reject("health check: method", method, "GET or HEAD");
    }
    checks
        .duration("health check: interval", interval)
        .between("health check: jitter", jitter, 0, 50)
        .duration("health check: timeout", timeout)
        .between("health check: rise", rise, 1, 1000)
        .between("health check: fall", fall, 1, 1000);
    if (statuses.isEmpty()) {
      checks.reject("health check: statuses", "none", "at least one");
    }
    content.ifPresent(text -> checkContent(checks, text, method));
    port.ifPresent(number -> checks.between("health check: port", number, 1, 65_535));
    host.filter(name -> Authority.parseOrNull(name) == null)
        .ifPresent(name -> checks.reject("health check: host", name, "host or host:port"));
    fields.forEach(rule -> rule.problem("health check: requestField").ifPresent(checks::problem));
    checks.done();
  }

  private static void checkContent(Checks checks, String text, String method) {
    boolean latin = text.chars().allMatch(c -> c < 0x100);
    if (text.isEmpty() || text.length() > MAX_CONTENT || !latin) {
      checks.reject(
          "health check: content", "'" + text + "'", "1 to 65,536 characters of ISO-8859-1");
    }
    if (method.equals("HEAD")) {
      checks.problem("health check: content needs the method GET: HEAD has none in its response");
    }
  }

  /** How many results in a row change the state of an endpoint. */
  public ProbeThresholds thresholds() {
    return new ProbeThresholds(rise, fall);
  }

  /** What is wrong with a response, in a phrase, or empty if the probe has passed. */
  public Optional<String> problem(int status, byte[] received) {
    if (!StatusRange.holds(statuses, status)) {
      return Optional.of("status " + status);
    }
    boolean found = content.isEmpty() || new String(received, ISO_8859_1).contains(content.get());
    return found ? Optional.empty() : Optional.of("the content is not as expected");
  }
}
