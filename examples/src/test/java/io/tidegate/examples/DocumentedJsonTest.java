package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.json.JsonDocument;
import io.tidegate.forward.ForwardProxySettings;
import io.tidegate.forward.access.AccessRuleList;
import io.tidegate.reverse.ReverseProxySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JSON on the pages for users is taken: each block of it has a line before it that says what it is,
 * {@code <!-- json: run -->} a file for the launcher, {@code rules} a list of rules, and {@code
 * forward.proxy} what stands there in a file for the launcher.
 */
class DocumentedJsonTest {
  private static final Pattern WHAT = Pattern.compile("<!-- json: ([a-z.]+) -->");

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.tidegate.examples.DocsTest#pages")
  void jsonBlocksAreTaken(Path page) throws IOException {
    List<String> lines = Files.readAllLines(DocsTest.ROOT.resolve(page));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        if (isJson(lines, i)) {
          Matcher what = WHAT.matcher(lines.get(i - 1));
          String where = page + ":" + (i + 1);
          assertTrue(what.matches(), where + ": no line that says what it is before the block");
          String json = String.join("\n", lines.subList(i + 1, end));
          assertDoesNotThrow(() -> take(what.group(1), json), where);
        }
        i = end;
      }
    }
  }

  private static boolean isJson(List<String> lines, int fence) {
    boolean named = lines.get(fence).equals("```json");
    return named || (lines.get(fence).equals("```") && lines.get(fence + 1).matches("[{\"].*"));
  }

  private void take(String what, String json) throws IOException {
    if (what.equals("rules")) {
      AccessRuleList.fromJson(json);
      return;
    }
    if (what.equals("run")) {
      ProxyFile.read(Files.writeString(directory.resolve("settings.json"), json));
      return;
    }
    JsonDocument settings = JsonDocument.parse(behind(what, json));
    if (settings.find(ProxyFile.REVERSE).isPresent()) {
      assertNotNull(ReverseProxySettings.fromJson(settings.get(ProxyFile.REVERSE)));
    } else {
      assertNotNull(ForwardProxySettings.fromJson(settings.get(ProxyFile.FORWARD)));
    }
  }

  /** Settings that have {@code json}, an object or its members, where {@code keys} lead. */
  private static String behind(String keys, String json) {
    String settings = json.startsWith("{") ? json : "{" + json + "}";
    List<String> path = List.of(keys.split("\\."));
    for (int i = path.size() - 1; i >= 0; i--) {
      settings = "{\"" + path.get(i) + "\": " + settings + "}";
    }
    return settings;
  }
}
