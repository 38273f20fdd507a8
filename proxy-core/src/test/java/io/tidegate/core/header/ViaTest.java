package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 §7.6.3. */
class ViaTest {
  private final Via via = new Via("gate");

  @ParameterizedTest
  @CsvSource({"HTTP_1_0, 1.0 gate", "HTTP_1_1, 1.1 gate", "HTTP_2, 2.0 gate"})
  void theEntryTellsTheVersionReceived(HttpVersion version, String entry) {
    FieldEdits edits = new FieldEdits(Fields.empty());
    via.addTo(edits, version);
    assertEquals(entry, edits.first(FieldName.VIA));
  }

  @Test
  void theEntryComesLast() {
    FieldEdits edits = new FieldEdits(Fields.of("Via", "1.0 a, 1.1 b", "A", "1", "via", "2 c"));
    via.addTo(edits, HttpVersion.HTTP_1_1);
    assertEquals("1.0 a, 1.1 b, 2 c, 1.1 gate", String.join(", ", edits.all(FieldName.VIA)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.1 gate                | true
          1.1 GATE                | true
          HTTP/1.1 gate           | true
          1.1 gate (x)            | true
          1.0 a, 1.1 gate , 1.1 b | true
          1.1   gate              | true
          1.1 gates               | false
          1.1 gate:80             | false
          1.1 a (gate)            | false
          1.1 a (1.1 gate)        | false
          gate                    | false
          """)
  void ourOwnEntryIsKnown(String value, boolean ours) {
    assertEquals(ours, via.isIn(Fields.of("Via", value)));
    assertEquals(ours, via.isIn(Fields.of("Via", "1.1 first", "Via", value)));
  }

  @Test
  void noViaIsNoLoop() {
    assertEquals(false, via.isIn(Fields.of("X-Via", "1.1 gate")));
  }
}
