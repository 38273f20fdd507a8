package io.tidegate.examples;

import io.tidegate.core.json.JsonSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the comments in the sources say about records and their components. */
final class ParameterTexts implements JsonSchema.Descriptions {
  private static final List<Path> SOURCES =
      List.of(
          Path.of("../proxy-core/src/main/java"),
          Path.of("../proxy-forward/src/main/java"),
          Path.of("../proxy-reverse/src/main/java"));
  private static final Pattern RECORD =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+\\s*)*(?:public\\s+)?record\\s+(\\w+)",
          Pattern.DOTALL);

  private final Map<Class<?>, Map<String, String>> known = new HashMap<>();

  @Override
  public String of(Class<?> type, String component) {
    return known.computeIfAbsent(type, ParameterTexts::read).getOrDefault(component, "");
  }

  private static Map<String, String> read(Class<?> type) {
    Matcher records = RECORD.matcher(source(type));
    while (records.find()) {
      if (records.group(2).equals(type.getSimpleName())) {
        return parts(records.group(1).replaceAll("(?m)^\\s*\\* ?", ""));
      }
    }
    return Map.of();
  }

  private static String source(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String file = outer.getName().replace('.', '/') + ".java";
    for (Path root : SOURCES) {
      if (Files.exists(root.resolve(file))) {
        try {
          return Files.readString(root.resolve(file));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return "";
  }

  /** The first sentence about the record, and the text about each component. */
  private static Map<String, String> parts(String comment) {
    String[] tags = comment.split("(?m)^@");
    Map<String, String> parts = new HashMap<>();
    parts.put("", plain(tags[0].split("<p>|(?<=\\.)\\s")[0]));
    for (String tag : tags) {
      String[] words = tag.split("\\s+", 3);
      if (words[0].equals("param") && words.length == 3) {
        parts.put(words[1], plain(words[2]));
      }
    }
    return parts;
  }

  private static String plain(String text) {
    return text.replaceAll("\\{@link(?:plain)?\\s+[^\\s}]+\\s+([^}]*)}", "$1")
        .replaceAll("\\{@(?:link|linkplain|value)\\s+#?([^}]*)}", "$1")
        .replaceAll("\\{@code\\s+([^}]*)}", "$1")
        .replaceAll("<[^>]*>", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
