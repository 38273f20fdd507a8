package io.tidegate.forward.access;

import io.tidegate.core.http.Ascii;
import io.tidegate.forward.access.RequestMatcher.Match;
import java.util.List;
import java.util.Locale;

/** Which methods a rule is about. */
final class MethodPattern {
  static final String EXPECTED = "a method in capitals, GET";

  private MethodPattern() {}

  /** Whether {@code text} is a method. One in small letters is more likely a mistake. */
  static boolean isMethod(String text) {
    return Ascii.isToken(text) && text.equals(text.toUpperCase(Locale.ROOT));
  }

  /**
   * Whether {@code method} is one of {@code methods}. Methods are told apart by case (RFC 9110
   * §9.1), yet not by every server: one that differs by nothing else is unclear.
   */
  static Match matches(List<String> methods, String method) {
    Match match = Match.NO;
    for (int i = 0; i < methods.size(); i++) {
      String one = methods.get(i);
      if (one.equals(method)) {
        return Match.YES;
      }
      if (one.equalsIgnoreCase(method)) {
        match = Match.UNCLEAR;
      }
    }
    return match;
  }
}
