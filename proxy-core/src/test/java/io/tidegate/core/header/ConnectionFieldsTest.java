package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 §7.6.1. */
class ConnectionFieldsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          A=1                                          | A
          Connection=close/A=1                         | A
          connection=Keep-Alive/keep-alive=5/A=1       | A
          Keep-Alive=5/Proxy-Connection=x/A=1          | A
          Transfer-Encoding=chunked/TE=x/Upgrade=y/A=1 | A
          Connection=B/A=1/B=2/b=3                     | A
          Connection=B, C/A=1/B=2/C=3                  | A
          Connection=, B ,,/A=1/B=2                    | A
          Connection=close/Connection=B/A=1/B=2        | A
          Connection=close, B/A=1/B=2                  | A
          B=2/A=1/Connection=b                         | A
          Connection="B"/A=1/B=2                       | A,B
          Connection=@, A/A=1/B=2                      | B
          Connection=A B/A=1/B=2                       | A,B
          Trailer=A/A=1                                | Trailer,A
          """)
  void whatConcernsOneConnectionEndsThere(String fields, String kept) {
    String[] namesAndValues = fields.split("[=/]");
    FieldEdits edits = new FieldEdits(Fields.of(namesAndValues));
    ConnectionFields.strip(edits);
    List<String> names = new ArrayList<>();
    Fields left = edits.toFields();
    for (int i = 0; i < left.size(); i++) {
      names.add(left.name(i));
    }
    assertEquals(List.of(kept.split(",")), names);
  }
}
