package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** What comes before the values, in octets and one after another. */
  private final byte[] keys;

  /** Where in {@link #keys} what comes before each value ends. */
  private final int[] ends;

  private final Value[] values;

  private JsonFormat(Map<String, Value> chosen) {
    this.values = chosen.values().toArray(Value[]::new);
    this.ends = new int[values.length];
    StringBuilder text = new StringBuilder();
    int i = 0;
    for (String name : chosen.keySet()) {
      text.append(",\"").append(key(name)).append("\":").append(values[i].isNumber() ? "" : "\"");
      ends[i++] = text.length();
    }
    this.keys = text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Objects with these values, or the usual ones if there are none.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong
   */
  static JsonFormat of(List<String> names, Values values) {
    Checks checks = new Checks();
    Map<String, Value> chosen = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (String name : names.isEmpty() ? USUAL : names) {
      if (!seen.add(key(name))) {
        checks.reject("members", name, "another key than " + key(name));
      }
      try {
        chosen.put(name, values.get(name));
      } catch (IllegalArgumentException e) {
        checks.reject("members", name, "one of " + e.getMessage());
      }
    }
    checks.done();
    return new JsonFormat(chosen);
  }

  /** A name that tools take as it is: {@code ms.total} is {@code ms_total}. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }

  @Override
  public void write(Outcome outcome, Line line) {
    int start = line.length();
    for (int i = 0; i < values.length; i++) {
      write(i, outcome, line);
    }
    if (line.length() == start) {
      line.octet('{');
    } else {
      line.octets()[start] = '{'; // in place of the first comma
    }
    line.octet('}');
  }

  /**
   * Texts and numbers, which most are, each by its kind: to write them as the others, which are
   * tried and taken back, has been measured to cost a third more for each line.
   */
  private void write(int place, Outcome outcome, Line line) {
    Value value = values[place];
    if (value instanceof TextValue text) {
      write(place, text, text.of(outcome), line);
    } else if (value instanceof TimeValue time) {
      long nanos = time.nanos(outcome.times());
      if (nanos >= 0) {
        begin(place, line).millis(nanos);
      }
    } else if (value instanceof NumberValue number) {
      long found = number.of(outcome);
      if (found >= 0) {
        begin(place, line).number(found);
      }
    } else {
      int end = line.length();
      if (!value.write(outcome, begin(place, line))) {
        line.backTo(end);
      } else if (!value.isNumber()) {
        line.octet('"');
      }
    }
  }

  private void write(int place, TextValue value, @Nullable String text, Line line) {
    if (text == null || text.isEmpty()) {
      return;
    }
    if (!value.isRepeated()) {
      begin(place, line).text(text).octet('"');
    } else if (!line.again(place, text)) {
      int from = line.length();
      begin(place, line).text(text).octet('"');
      line.remember(place, text, from);
    }
  }

  private Line begin(int place, Line line) {
    return line.raw(keys, place == 0 ? 0 : ends[place - 1], ends[place]);
  }

  @Override
  public Escape escape() {
    return Escape.JSON;
  }
}
