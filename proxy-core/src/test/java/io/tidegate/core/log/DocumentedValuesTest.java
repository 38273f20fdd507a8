package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.testkit.DocPage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page for users names the values that lines of an access log may have. */
class DocumentedValuesTest {
  @Test
  void everyValueIsOnThePageAndNoOther() throws Exception {
    Values values = new Values(new Masking(MaskingSettings.DEFAULT));
    Throwable told = assertThrows(IllegalArgumentException.class, () -> values.get("no such"));
    Set<String> there = new TreeSet<>(List.of(told.getMessage().split(", ")));
    assertEquals(there, new TreeSet<>(DocPage.named("access-log.md").code("name", 0)));
  }
}
