package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.access.AccessRuleList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedRulesFileTest {
  @TempDir private Path directory;

  @Test
  void whatIsThereStaysUntilSomethingIsWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("rules.json"), "before");
    LearnedRulesFile learned = new LearnedRulesFile(file);
    assertEquals("before", Files.readString(file));
    try (ForwardProxy proxy = ForwardProxy.builder().reportOnly().build()) {
      learned.write(proxy);
      assertEquals(new AccessRuleList(proxy.learnedRules()).toJson(), Files.readString(file));
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsToldAtOnce() {
    assertThrows(IllegalArgumentException.class, () -> new LearnedRulesFile(directory));
  }
}
