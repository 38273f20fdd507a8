package io.tidegate.core.cache;

import io.tidegate.core.http.StructuredFields;
import io.tidegate.core.http.StructuredValue.Bool;
import io.tidegate.core.http.StructuredValue.Int;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import io.tidegate.core.http.StructuredValue.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a targeted field (RFC 9213 §2.1), a dictionary of structured fields: one error anywhere,
 * and none of it counts.
 *
 * <p>A directive's argument has to be an integer if it is seconds, a string if it is field names,
 * and true if there is none. A value of another type is an invalid argument, written "".
 */
final class TargetedField {
  private TargetedField() {}

  /** The directives of the field with these lines, or null if it is invalid or empty. */
  static @Nullable Directives parse(List<String> lines) {
    Map<String, Member> members = StructuredFields.parseDictionary(lines);
    if (members == null || members.isEmpty()) {
      return null;
    }
    Directives directives = new Directives();
    members.forEach((name, member) -> add(name, member, directives));
    return directives;
  }

  private static void add(String name, Member member, Directives into) {
    Object value = member instanceof Item item ? item.value() : member;
    if (value instanceof Bool bool) {
      if (bool.value()) {
        into.add(name, null);
      }
    } else {
      into.add(name, argument(value));
    }
  }

  private static String argument(Object value) {
    if (value instanceof Int number) {
      return number.text();
    }
    boolean names = value instanceof Text text && DeltaSeconds.parse(text.value()) < 0;
    return names ? ((Text) value).value() : "";
  }
}
