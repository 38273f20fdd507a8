package io.tidegate.core.cache;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Collects the directives of one message as they are parsed. */
final class Directives {
  static final int NO_STORE = 0;
  static final int NO_CACHE = 1;
  static final int PRIVATE = 2;
  static final int PUBLIC = 3;
  static final int MUST_REVALIDATE = 4;
  static final int PROXY_REVALIDATE = 5;
  static final int MUST_UNDERSTAND = 6;
  static final int IMMUTABLE = 7;
  static final int ONLY_IF_CACHED = 8;
  static final int NO_TRANSFORM = 9;
  private static final String[] FLAGS = {
    "no-store",
    "no-cache",
    "private",
    "public",
    "must-revalidate",
    "proxy-revalidate",
    "must-understand",
    "immutable",
    "only-if-cached",
    "no-transform"
  };

  static final int MAX_AGE = 0;
  static final int S_MAXAGE = 1;
  static final int MIN_FRESH = 2;
  static final int MAX_STALE = 3;
  static final int STALE_WHILE_REVALIDATE = 4;
  static final int STALE_IF_ERROR = 5;
  private static final String[] NUMBERS = {
    "max-age", "s-maxage", "min-fresh", "max-stale", "stale-while-revalidate", "stale-if-error"
  };

  Set<FieldName> noCacheFields = Set.of();
  Set<FieldName> privateFields = Set.of();
  private final long[] seconds = new long[NUMBERS.length];
  private int flags;

  Directives() {
    Arrays.fill(seconds, CacheControl.ABSENT);
  }

  boolean has(int flag) {
    return (flags & 1 << flag) != 0;
  }

  long seconds(int number) {
    return seconds[number];
  }

  /** Adds the directive with this name, in lower case, and with this argument, if any. */
  void add(String name, @Nullable String argument) {
    switch (name) {
      case "no-cache" -> noCacheFields = flagOrFields(NO_CACHE, argument, noCacheFields);
      case "private" -> privateFields = flagOrFields(PRIVATE, argument, privateFields);
      default -> {
        flag(Arrays.asList(FLAGS).indexOf(name));
        number(Arrays.asList(NUMBERS).indexOf(name), argument);
      }
    }
  }

  private void flag(int flag) {
    flags |= flag < 0 ? 0 : 1 << flag;
  }

  private void number(int number, @Nullable String argument) {
    if (number < 0 || seconds[number] != CacheControl.ABSENT) {
      return;
    }
    long value = argument == null ? -1 : DeltaSeconds.parse(argument);
    if (number == MAX_STALE && argument == null) {
      value = CacheControl.ANY_STALENESS;
    } else if (value < 0 && (number == MAX_AGE || number == S_MAXAGE)) {
      value = 0;
    }
    seconds[number] = value;
  }

  /** Without an argument that is a list of field names, the directive is about all of them. */
  private Set<FieldName> flagOrFields(int flag, @Nullable String argument, Set<FieldName> before) {
    if (argument == null) {
      flag(flag);
      return before;
    }
    Set<FieldName> fields = new LinkedHashSet<>(before);
    boolean named = false;
    for (String part : argument.split(",", -1)) {
      String name = part.strip();
      if (Ascii.isToken(name)) {
        fields.add(FieldName.of(name));
        named = true;
      } else if (!name.isEmpty()) {
        flag(flag);
      }
    }
    if (!named && fields.equals(before)) {
      flag(flag);
    }
    return fields;
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < FLAGS.length; i++) {
      if (has(i)) {
        text.add(FLAGS[i]);
      }
    }
    join(FLAGS[NO_CACHE], noCacheFields, text);
    join(FLAGS[PRIVATE], privateFields, text);
    for (int i = 0; i < NUMBERS.length; i++) {
      if (seconds[i] != CacheControl.ABSENT) {
        boolean any = seconds[i] == CacheControl.ANY_STALENESS;
        text.add(any ? NUMBERS[i] : NUMBERS[i] + "=" + seconds[i]);
      }
    }
    return text.toString();
  }

  private static void join(String name, Set<FieldName> fields, StringJoiner text) {
    if (!fields.isEmpty()) {
      StringJoiner names = new StringJoiner(", ", name + "=\"", "\"");
      fields.forEach(field -> names.add(field.toString()));
      text.add(names.toString());
    }
  }
}
