package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldEditsTest {
  private static final FieldName A = FieldName.of("A");
  private static final FieldName B = FieldName.of("B");
  private static final FieldName C = FieldName.of("C");

  private final Fields received = Fields.of("A", "1", "B", "2", "a", "3");
  private final FieldEdits edits = new FieldEdits(received);

  @Test
  void withoutEditsTheFieldsStayTheSame() {
    assertResult("A: 1, B: 2, a: 3");
  }

  @Test
  void removingTakesEveryLineInAnySpelling() {
    edits.remove(A);
    assertResult("B: 2");
    assertFalse(edits.contains(A));
    assertNull(edits.first(A));
    assertEquals(List.of(), edits.all(A));
    assertFalse(edits.keeps(0));
    assertTrue(edits.keeps(1));
  }

  @Test
  void oneLineCanBeRemovedAlone() {
    edits.removeReceived(0);
    assertResult("B: 2, a: 3");
    assertEquals("3", edits.first(A));
  }

  @Test
  void addedLinesFollowTheReceivedOnes() {
    edits.add(C, "4").add(A, "5").add(C, "6");
    assertResult("A: 1, B: 2, a: 3, C: 4, A: 5, C: 6");
    assertEquals(List.of("1", "3", "5"), edits.all(A));
    assertEquals("4", edits.first(C));
    assertEquals(3, edits.added());
    assertEquals("A", edits.addedName(1));
    assertEquals("5", edits.addedValue(1));
  }

  @Test
  void addedLinesCanBeRemovedAgain() {
    edits.add(C, "4").add(B, "5").add(C, "6").remove(FieldName.of("c"));
    assertResult("A: 1, B: 2, a: 3, B: 5");
  }

  @Test
  void settingReplacesAllLinesByOne() {
    edits.add(A, "4").set(A, "5");
    assertResult("B: 2, A: 5");
  }

  @Test
  void appendingMakesOneListOfAllLines() {
    edits.append(A, "4").append(C, "5").append(C, "6");
    assertResult("B: 2, A: 1, 3, 4, C: 5, 6");
  }

  @Test
  void theReceivedFieldsDoNotChange() {
    edits.remove(A).set(B, "9").add(C, "8");
    assertEquals("A: 1, B: 2, a: 3", FieldsTest.text(received));
    assertSame(received, edits.received());
  }

  @Test
  void theResultCanBeSearchedAndEditedInTurn() {
    Fields once = edits.remove(B).add(C, "").toFields();
    Fields twice = new FieldEdits(once).set(A, "x").toFields();
    assertEquals("C: , A: x", FieldsTest.text(twice));
    assertEquals("", twice.first(C));
    assertEquals(1, twice.indexOf(A, 0));
  }

  @Test
  void moreThan64LinesAreToldApart() {
    FieldEdits start = new FieldEdits(Fields.empty());
    for (int i = 0; i < 130; i++) {
      start.add(FieldName.of("n" + i), "v" + i);
    }
    FieldEdits many = new FieldEdits(start.toFields());
    many.removeReceived(0);
    many.removeReceived(64);
    many.remove(FieldName.of("N129"));
    Fields left = many.toFields();
    assertEquals(127, left.size());
    assertEquals("v1", left.value(0));
    assertEquals("v65", left.value(63));
    assertFalse(left.contains(FieldName.of("n64")));
    assertEquals("v128", left.first(FieldName.of("n128")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\u0000b", "\u007f", "\u0130", "\u20ac"})
  void aValueThatWouldBreakTheLineIsRefused(String value) {
    assertThrows(IllegalArgumentException.class, () -> edits.add(C, value));
    assertThrows(IllegalArgumentException.class, () -> edits.append(C, value));
    assertResult("A: 1, B: 2, a: 3");
  }

  @Test
  void refusingAValueLeavesTheOldOne() {
    assertThrows(IllegalArgumentException.class, () -> edits.set(A, "a\r\nb"));
    assertResult("A: 1, B: 2, a: 3");
  }

  private void assertResult(String expected) {
    assertEquals(expected, FieldsTest.text(edits.toFields()));
  }
}
