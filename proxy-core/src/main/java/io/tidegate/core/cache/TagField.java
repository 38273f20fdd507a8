package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A field in which an origin server names the tags of a response, to have all responses with a tag
 * removed at once. No standard says how; the forms differ in name and separator.
 *
 * @param name the name of the field
 * @param separator what stands between two tags
 * @param maxTags how many tags are read; the rest is left out
 * @param maxLength how long a tag may be; longer ones are left out
 */
public record TagField(FieldName name, Separator separator, int maxTags, int maxLength) {
  /** How many tags are read unless told otherwise. */
  public static final int MAX_TAGS = 1000;

  /** How long a tag may be unless told otherwise. */
  public static final int MAX_LENGTH = 1024;

  /** What stands between two tags. */
  public enum Separator {
    /** White space. */
    SPACE,
    /** A comma, with or without white space around it. */
    COMMA
  }

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is less than 1
   */
  public TagField {
    if (maxTags < 1 || maxLength < 1) {
      throw new IllegalArgumentException(
          "tags: " + maxTags + " of length " + maxLength + " (expected: at least 1 of 1)");
    }
  }

  /** A field with the usual limits. */
  public static TagField of(FieldName name, Separator separator) {
    return new TagField(name, separator, MAX_TAGS, MAX_LENGTH);
  }

  /** By what the stored responses with a tag are found; never the label of a group. */
  public static String label(String tag) {
    return "\n" + tag; // that of a group begins with a scheme
  }

  /** The tags of a response, in the spelling and order received, without repetition. */
  public Set<String> tags(Fields response) {
    Set<String> tags = new LinkedHashSet<>();
    for (String value : response.all(name)) {
      addTo(tags, value);
    }
    return tags;
  }

  /** The tags that a request to invalidate some names: every one. */
  Set<String> named(Fields request) {
    return new TagField(name, separator, Integer.MAX_VALUE, Integer.MAX_VALUE).tags(request);
  }

  private void addTo(Set<String> tags, String value) {
    int start = 0;
    while (start < value.length() && tags.size() < maxTags) {
      int end = start;
      while (end < value.length() && !separates(value.charAt(end))) {
        end++;
      }
      String tag = value.substring(start, end).strip();
      if (!tag.isEmpty() && tag.length() <= maxLength) {
        tags.add(tag);
      }
      start = end + 1;
    }
  }

  private boolean separates(char c) {
    return separator == Separator.COMMA ? c == ',' : c == ' ' || c == '\t';
  }
}
