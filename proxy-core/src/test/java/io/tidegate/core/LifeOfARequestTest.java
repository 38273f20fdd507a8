package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LifeOfARequestTest {
  private static final Path PAGE = Path.of("..", "docs", "life-of-a-request.md");

  /**
   * A level-3 heading that names a stage, perhaps followed by more: {@code ### VALIDATE} or {@code
   * ### `VALIDATE`: …}.
   */
  private static final Pattern HEADING = Pattern.compile("### +`?([A-Z_]+)\\b.*");

  @Test
  void thePageTellsOfEveryStageInTheOrderOfTheEnum() throws IOException {
    List<String> headings =
        Files.readAllLines(PAGE).stream()
            .map(HEADING::matcher)
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .toList();
    assertEquals(Stream.of(Stage.values()).map(Stage::name).toList(), headings);
  }
}
