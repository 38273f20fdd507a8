package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link on the pages leads somewhere, and the table of contents to every page. */
class DocsTest {
  static final Path ROOT = Path.of("..");
  private static final Path CONTENTS = Path.of("docs", "README.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  /** The pages for users, as paths below the root of the project. */
  static Stream<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      List<Path> pages =
          docs.filter(file -> file.toString().endsWith(".md"))
              .map(ROOT::relativize)
              .sorted()
              .toList();
      return Stream.concat(
          Stream.of(Path.of("README.md"), Path.of("CHANGELOG.md")), pages.stream());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      Path file = file(page, link);
      int hash = link.indexOf('#');
      if (!Files.exists(ROOT.resolve(file))) {
        broken.add(link + ": no such file");
      } else if (hash >= 0 && !anchors(prose(file)).contains(link.substring(hash + 1))) {
        broken.add(link + ": no such heading");
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void theTableOfContentsNamesEveryPage() throws IOException {
    Set<Path> named = new TreeSet<>();
    for (String link : links(CONTENTS)) {
      named.add(file(CONTENTS, link));
    }
    named.add(CONTENTS);
    assertEquals(List.of(), pages().filter(page -> !named.contains(page)).toList());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '>',
      value = {
        "## To know > to-know",
        "## Rules, ports -- and `addresses` > rules-ports----and-addresses",
        "# A page about [errors](errors.md) > a-page-about-errors",
        "### X-Forwarded-* and a_b: what? > x-forwarded--and-a_b-what"
      })
  void anchorsAreMadeOfHeadings(String heading, String anchor) {
    assertEquals(Set.of(anchor), anchors(List.of(heading)));
  }

  @Test
  void anchorsOfEqualHeadingsAreNumbered() {
    assertEquals(Set.of("limits", "limits-1"), anchors(List.of("# Limits", "text", "## Limits")));
  }

  private static List<String> links(Path page) throws IOException {
    return prose(page).stream()
        .map(line -> line.replaceAll("`[^`]*`", ""))
        .flatMap(line -> LINK.matcher(line).results())
        .map(link -> link.group(1))
        .filter(link -> !ELSEWHERE.matcher(link).matches())
        .toList();
  }

  private static Path file(Path page, String link) {
    String path = link.replaceFirst("#.*", "");
    return path.isEmpty() ? page : page.resolveSibling(path).normalize();
  }

  /** The lines of a page that are not in blocks of code. */
  private static List<String> prose(Path page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(ROOT.resolve(page))) {
      if (line.strip().startsWith("```")) {
        code = !code;
      } else if (!code) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** What headings are linked to by: their words in lower case, with hyphens between them. */
  private static Set<String> anchors(List<String> prose) {
    Map<String, Integer> times = new HashMap<>();
    Set<String> anchors = new TreeSet<>();
    for (String line : prose) {
      if (line.matches("#+ .*")) {
        String anchor = anchor(line.replaceFirst("#+ ", ""));
        int before = times.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\]\\([^)]*\\)", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }
}
