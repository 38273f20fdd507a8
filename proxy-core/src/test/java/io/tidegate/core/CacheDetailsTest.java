package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.cache.Storability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The details that Cache-Status may tell, as the user's guide lists them. */
class CacheDetailsTest {
  private static final Path PAGE = Path.of("..", "docs", "cache.md");
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE);

  @Test
  void theGuideListsEveryReasonNotToStore() throws IOException {
    String page = Files.readString(PAGE);
    int table = page.indexOf("| detail | |");
    String rows = page.substring(table, page.indexOf("\n\n", table));
    List<String> listed =
        ROW.matcher(rows).results().map((MatchResult row) -> row.group(1)).toList();
    List<String> reasons =
        Arrays.stream(Storability.values())
            .filter(reason -> reason != Storability.STORABLE)
            .map(Storability::token)
            .toList();
    assertEquals(reasons, listed);
  }
}
