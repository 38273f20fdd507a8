package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lines that are an object of JSON each; what is not there is left out. */
final class JsonFormat implements LineFormat {
  private static final List<String> USUAL =
      List.of(
          "time",
          "client",
          "client.port",
          "user",
          "method",
          "host",
          "target",
          "version",
          "status",
          "bytes",
          "bytes.received",
          "ms.total",
          "ms.head",
          "ms.select",
          "ms.connect",
          "ms.response",
          "ms.transfer",
          "route",
          "cluster",
          "endpoint",
          "attempts",
          "cache",
          "error",
          "error.detail",
          "stage",
          "tls.version",
          "trace",
          "field:Referer",
          "field:User-Agent");

  /** What comes before each value, in octets. */
  private final byte[][] before;

  private final Value[] values;

  /** Which of them are texts. */
  private final boolean[] quoted;

  private JsonFormat(List<byte[]> before, List<Value> values) {
    this.before = before.toArray(byte[][]::new);
    this.values = values.toArray(Value[]::new);
    this.quoted = new boolean[this.values.length];
    for (int i = 0; i < quoted.length; i++) {
      quoted[i] = !this.values[i].isNumber();
    }
  }

  /**
   * Objects with these values, or the usual ones if there are none.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong
   */
  static JsonFormat of(List<String> names, Values values) {
    Checks checks = new Checks();
    List<byte[]> before = new ArrayList<>();
    List<Value> chosen = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String name : names.isEmpty() ? USUAL : names) {
      if (!seen.add(key(name))) {
        checks.reject("members", name, "another key than " + key(name));
      }
      try {
        Value value = values.get(name);
        chosen.add(value);
        before.add(before(name, value));
      } catch (IllegalArgumentException e) {
        checks.reject("members", name, "one of " + e.getMessage());
      }
    }
    checks.done();
    return new JsonFormat(before, chosen);
  }

  private static byte[] before(String name, Value value) {
    String text = ",\"" + key(name) + "\":" + (value.isNumber() ? "" : "\"");
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A name that tools take as it is: {@code ms.total} is {@code ms_total}. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }

  @Override
  public void write(Outcome outcome, Line line) {
    int start = line.length();
    for (int i = 0; i < values.length; i++) {
      int end = line.length();
      line.raw(before[i]);
      if (!values[i].write(outcome, line)) {
        line.backTo(end);
      } else if (quoted[i]) {
        line.octet('"');
      }
    }
    if (line.length() == start) {
      line.octet('{');
    } else {
      line.octets()[start] = '{'; // in place of the first comma
    }
    line.octet('}');
  }

  @Override
  public Escape escape() {
    return Escape.JSON;
  }
}
