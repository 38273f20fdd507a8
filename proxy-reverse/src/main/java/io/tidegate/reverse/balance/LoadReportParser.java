package io.tidegate.reverse.balance;

import org.jspecify.annotations.Nullable;

/**
 * Reads a load report: {@code TEXT name=number, …} or {@code JSON {"name": number, …}}. One that is
 * malformed anywhere is no report at all.
 */
final class LoadReportParser {
  /** Longer ones are not read: this happens on IO threads. */
  private static final int MAX_LENGTH = 4096;

  private static final double UNSAID = -1;

  private final String text;
  private int at;
  private double application = UNSAID;
  private double cpu = UNSAID;
  private double requests = UNSAID;
  private double errors = UNSAID;

  private LoadReportParser(String text, int at) {
    this.text = text;
    this.at = at;
  }

  static @Nullable LoadReport parse(String value) {
    if (value.length() > MAX_LENGTH || value.startsWith("BIN ")) {
      return null;
    }
    boolean prefixed = value.startsWith("TEXT ") || value.startsWith("JSON ");
    LoadReportParser parser = new LoadReportParser(value, prefixed ? 5 : 0);
    boolean valid = value.startsWith("JSON ") ? parser.json() : parser.list();
    return valid ? parser.report() : null;
  }

  private @Nullable LoadReport report() {
    double utilization = application > 0 ? application : cpu;
    return utilization > 0
        ? new LoadReport(utilization, Math.max(0, requests), Math.max(0, errors))
        : null;
  }

  private boolean list() {
    while (true) {
      String name = name();
      boolean valid =
          !name.isEmpty() && (take('=') || take(':')) && number() && keep(name, numberRead);
      if (!valid || !take(',')) {
        return valid && atEnd();
      }
    }
  }

  private boolean json() {
    return object(true) && atEnd();
  }

  /** An object of numbers; the outermost one may also hold such objects, which are passed over. */
  private boolean object(boolean outermost) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    do {
      if (!take('"')) {
        return false;
      }
      String name = quoted();
      boolean valid = name != null && take(':') && value(outermost ? name : "", outermost);
      if (!valid) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean value(String name, boolean mayBeObject) {
    skipSpace();
    if (mayBeObject && at < text.length() && text.charAt(at) == '{') {
      return object(false);
    }
    return number() && keep(name, numberRead);
  }

  private String name() {
    skipSpace();
    int from = at;
    while (at < text.length() && " \t=:,".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  /** The rest of a string without escapes, of which the opening quote has been read. */
  private @Nullable String quoted() {
    int end = text.indexOf('"', at);
    String string = end < 0 ? "\\" : text.substring(at, end);
    at = end + 1;
    return string.indexOf('\\') < 0 ? string : null;
  }

  private double numberRead;

  /** A finite number that is not negative. */
  private boolean number() {
    skipSpace();
    int from = at;
    while (at < text.length() && "0123456789.+-eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    try {
      numberRead = Double.parseDouble(text.substring(from, at));
    } catch (NumberFormatException e) {
      return false;
    }
    return numberRead >= 0 && numberRead < Double.POSITIVE_INFINITY;
  }

  /** Keeps a number if it is one we look at; false if it was said before. */
  private boolean keep(String name, double value) {
    switch (name) {
      case "application_utilization", "applicationUtilization" -> {
        boolean first = application == UNSAID;
        application = value;
        return first;
      }
      case "cpu_utilization", "cpuUtilization" -> {
        boolean first = cpu == UNSAID;
        cpu = value;
        return first;
      }
      case "rps_fractional", "rpsFractional" -> {
        boolean first = requests == UNSAID;
        requests = value;
        return first;
      }
      case "eps" -> {
        boolean first = errors == UNSAID;
        errors = value;
        return first;
      }
      default -> {
        return true;
      }
    }
  }

  private boolean take(char expected) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == expected;
    at += there ? 1 : 0;
    return there;
  }

  private boolean atEnd() {
    skipSpace();
    return at == text.length();
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}
