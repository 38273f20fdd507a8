package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.json.JsonSchema;
import io.tidegate.core.json.SchemaCheck;
import io.tidegate.core.json.SettingsFormat;
import io.tidegate.forward.ForwardProxySettings;
import io.tidegate.reverse.ReverseProxySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The schema in docs/schema is made by {@link #main} of this class, run in examples/. */
class SchemaTest {
  private static final Path FILE = Path.of("../docs/schema/tidegate.schema.json");

  private static String made() {
    Map<String, SettingsFormat<?>> formats = new LinkedHashMap<>();
    formats.put(ProxyFile.REVERSE, ReverseProxySettings.jsonFormat());
    formats.put(ProxyFile.FORWARD, ForwardProxySettings.jsonFormat());
    return JsonSchema.of(formats, new ParameterTexts());
  }

  /** Writes the schema anew. */
  public static void main(String[] arguments) throws IOException {
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, made());
  }

  @Test
  void theSchemaIsUpToDate() throws IOException {
    assertTrue(
        Files.readString(FILE).equals(made()), () -> FILE + " is old: run SchemaTest.main anew");
  }

  @Test
  void theLauncherPrintsTheSchema() throws IOException {
    StringWriter out = new StringWriter();
    CommandLine line = Tidegate.commandLine().setOut(new PrintWriter(out, true));
    assertEquals(0, line.execute("schema"));
    assertEquals(Files.readString(FILE), out.toString());
  }

  @Test
  void theSchemaSaysWhatKeysMean() {
    assertTrue(made().contains("\"its share of the requests, 1 to 1,000\""), made());
    assertTrue(made().contains("\"An endpoint of a cluster.\""), made());
    assertFalse(made().contains("{@"), made());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"reverse\": {}}",
        "{\"$schema\": \"x\", \"forward\": {\"proxy\": {\"cache\": {}}}, \"reverse\": {\"proxy\": {}}}",
      })
  void filesThatRunAreAsItSays(String json) {
    assertEquals(List.of(), new SchemaCheck(made()).problems(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"$schema\": \"x\"}",
        "{\"backward\": {}}",
        "{\"reverse\": {\"rules\": []}}"
      })
  void othersAreNot(String json) {
    assertFalse(new SchemaCheck(made()).problems(json).isEmpty());
  }
}
