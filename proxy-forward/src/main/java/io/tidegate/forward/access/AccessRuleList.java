package io.tidegate.forward.access;

import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.json.SettingsFormat;
import io.tidegate.core.spi.Checks;
import java.nio.file.Path;
import java.util.List;

/**
 * Access rules that stand in a file of their own: {@code {"rules": [{"action": "allow", "requests":
 * {"hosts": [".example.com"]}}]}}.
 *
 * @param rules the rules in their order
 */
public record AccessRuleList(List<AccessRule> rules) {
  private static final AccessRuleList NONE = new AccessRuleList(List.of());

  /**
   * Copies the list.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every value that cannot work
   */
  public AccessRuleList {
    rules = List.copyOf(rules);
    Checks checks = new Checks();
    rules.forEach(rule -> rule.check(checks));
    checks.done();
  }

  /**
   * The rules in a file.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException if it cannot be read, and otherwise with
   *     everything that is wrong in it, each with its path
   */
  public static AccessRuleList fromJson(Path file) {
    return JsonDocument.read(file).to(NONE);
  }

  /** What a text in JSON says; see {@link #fromJson(Path)}. */
  public static AccessRuleList fromJson(String json) {
    return JsonDocument.parse(json).to(NONE);
  }

  /** JSON that {@link #fromJson(String)} makes the same rules of. */
  public String toJson() {
    return SettingsFormat.of(NONE).write(this);
  }
}
