package io.tidegate.core.json;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which word was meant by one that is unknown. */
final class Spelling {
  private static final int LONGEST = 64;

  private Spelling() {}

  /** The word that {@code unknown} takes the fewest changes to become, or null if it is too far. */
  static @Nullable String nearest(String unknown, Collection<String> known) {
    String nearest = null;
    int least = Math.max(1, Math.min(unknown.length(), LONGEST) / 3) + 1;
    for (String word : known) {
      int changes = unknown.length() > LONGEST ? least : changes(lower(unknown), lower(word));
      if (changes < least) {
        least = changes;
        nearest = word;
      }
    }
    return nearest;
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** The characters that are to be added, removed or changed at least (Levenshtein). */
  private static int changes(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
