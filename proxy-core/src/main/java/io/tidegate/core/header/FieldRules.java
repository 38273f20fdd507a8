package io.tidegate.core.header;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import java.util.ArrayList;
import java.util.List;

/**
 * {@linkplain FieldRule Rules} about fields in the order in which they apply, ready to be applied.
 * Immutable.
 */
public final class FieldRules {
  private record Edit(FieldRule.Action action, FieldName name, String value) {}

  /** No rules. */
  public static final FieldRules NONE = new FieldRules(List.of());

  private final List<Edit> edits;

  private FieldRules(List<Edit> edits) {
    this.edits = edits;
  }

  /**
   * These rules, each without a {@linkplain FieldRule#problem problem}.
   *
   * @throws IllegalArgumentException if a field name is not a token
   */
  public static FieldRules of(List<FieldRule> rules) {
    List<Edit> edits = new ArrayList<>(rules.size());
    for (FieldRule rule : rules) {
      edits.add(new Edit(rule.action(), FieldName.of(rule.name()), rule.value().orElse("")));
    }
    return edits.isEmpty() ? NONE : new FieldRules(List.copyOf(edits));
  }

  /** Applies every rule in turn: a later one sees what the earlier ones did. */
  public void apply(FieldEdits fields) {
    for (int i = 0; i < edits.size(); i++) {
      Edit edit = edits.get(i);
      switch (edit.action()) {
        case SET -> fields.set(edit.name(), edit.value());
        case ADD -> fields.add(edit.name(), edit.value());
        case REMOVE -> fields.remove(edit.name());
      }
    }
  }
}
