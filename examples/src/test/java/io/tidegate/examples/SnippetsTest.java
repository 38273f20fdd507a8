package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java code on the pages for users is code that compiles and runs: each block has a line {@code
 * <!-- snippet: File.java#region -->} before it, and repeats what stands in that file between
 * {@code // region name} and {@code // endregion}, indentation aside.
 */
class SnippetsTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "tidegate", "examples");
  private static final Pattern NAME = Pattern.compile("<!-- snippet: (\\w+\\.java)#([\\w-]+) -->");

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.tidegate.examples.DocsTest#pages")
  void javaBlocksAreRegionsOfTheExamples(Path page) throws IOException {
    List<String> lines = Files.readAllLines(DocsTest.ROOT.resolve(page));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith("```java")) {
        Matcher name = NAME.matcher(lines.get(Math.max(0, i - 1)));
        assertTrue(name.matches(), page + ":" + (i + 1) + ": no snippet line before the block");
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        assertEquals(
            String.join("\n", region(name.group(1), name.group(2))),
            String.join("\n", lines.subList(i + 1, end)),
            page + ":" + (i + 1) + " differs from " + name.group(1));
      }
    }
  }

  private static List<String> region(String file, String name) throws IOException {
    List<String> lines = Files.readAllLines(SOURCES.resolve(file));
    List<String> region = new ArrayList<>();
    boolean inside = false;
    for (String line : lines) {
      if (line.strip().equals("// region " + name)) {
        inside = true;
      } else if (line.strip().equals("// endregion")) {
        inside = false;
      } else if (inside) {
        region.add(line);
      }
    }
    assertFalse(region.isEmpty(), "no region " + name + " in " + file);
    return String.join("\n", region).stripIndent().lines().toList();
  }
}
