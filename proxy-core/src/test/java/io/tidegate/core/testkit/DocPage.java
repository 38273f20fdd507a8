package io.tidegate.core.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A page for users whose tables tests compare with what there is. */
public final class DocPage {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final List<String> lines;

  private DocPage(List<String> lines) {
    this.lines = lines;
  }

  /** The page with this name in docs, seen from the directory of a module. */
  public static DocPage named(String name) throws IOException {
    return new DocPage(Files.readAllLines(Path.of("..", "docs", name)));
  }

  /** The cells of each row of all tables whose first column has this heading. */
  public List<List<String>> rows(String heading) {
    List<List<String>> rows = new ArrayList<>();
    boolean inside = false;
    boolean wanted = false;
    for (String line : lines) {
      boolean first = !inside;
      inside = line.startsWith("|");
      if (inside && first) {
        wanted = cells(line).get(0).equals(heading);
      } else if (inside && wanted && !line.matches("[|-]+")) {
        rows.add(cells(line));
      }
    }
    return rows;
  }

  /** What is written as code in one column of all those tables. */
  public List<String> code(String heading, int column) {
    return rows(heading).stream().flatMap(row -> code(row.get(column)).stream()).toList();
  }

  /** What is written as code in a cell. */
  public static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
  }
}
