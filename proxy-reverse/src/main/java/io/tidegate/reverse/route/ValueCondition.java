package io.tidegate.reverse.route;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Confidential;

/**
 * What one named value of a request must be: a field line, a query parameter or a cookie. If there
 * are several of the name, one that fits is enough. May be nonsense until it was {@linkplain #check
 * checked}.
 *
 * @param name what it is called
 * @param kind how the value is compared
 * @param value what it is compared with, case counts; empty for {@link Kind#PRESENT}
 */
public record ValueCondition(String name, Kind kind, @Confidential String value) {
  /** The kinds of comparison. */
  public enum Kind {
    /** Any value will do. */
    PRESENT,
    /** All of the value. */
    EXACT,
    /** What the value begins with. */
    PREFIX,
    /** A {@link SafeRegex} for all of the value. */
    REGEX
  }

  /** Notes what is wrong with the value; names follow other rules for each thing named. */
  void check(Checks checks, String setting) {
    if (kind == Kind.REGEX) {
      SafeRegex.check(checks, setting + " " + name, value);
    } else if (kind == Kind.PREFIX && value.isEmpty()) {
      checks.reject(setting + " " + name, "an empty prefix", "a character at least");
    } else if (kind == Kind.PRESENT && !value.isEmpty()) {
      checks.reject(
          setting + " " + name, "a value", "a kind that compares it: exact, prefix, regex");
    }
  }

  /** Whether every request that meets this one meets {@code other} too, as far as can be told. */
  boolean implies(ValueCondition other) {
    if (!name.equals(other.name)) {
      return false;
    }
    return switch (other.kind) {
      case PRESENT -> true;
      case EXACT -> equals(other);
      case PREFIX -> (kind == Kind.EXACT || kind == Kind.PREFIX) && value.startsWith(other.value);
      case REGEX -> equals(other);
    };
  }

  /** The name and the kind: the value may be a secret. */
  @Override
  public String toString() {
    return name + " " + kind;
  }
}
