package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client says about content codings (RFC 9110 §12.5.3). */
class AcceptEncodingTest {
  @ParameterizedTest(name = "{0}: {1} has {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip                        | gzip     | 1000
          GZip                        | gzip     | 1000
          x-gzip                      | gzip     | 1000
          gzip                        | br       | 0
          gzip                        | identity | 1
          gzip;q=0.5                  | gzip     | 500
          gzip ; Q=0.5                | gzip     | 500
          gzip;q=0.001                | gzip     | 1
          gzip;q=1.000                | gzip     | 1000
          gzip;q=0.                   | gzip     | 0
          gzip;q=0                    | gzip     | 0
          'br, gzip;q=0.8'            | gzip     | 800
          'gzip;q=0, gzip'            | gzip     | 0
          *                           | gzip     | 1000
          *;q=0.2                     | gzip     | 200
          'gzip;q=0, *'               | gzip     | 0
          '*, gzip;q=0.3'             | gzip     | 300
          *;q=0                       | identity | 0
          'identity, *;q=0'           | identity | 1000
          identity;q=0                | identity | 0
          gzip;q=1.001                | gzip     | 0
          gzip;q=2                    | gzip     | 0
          gzip;q=0.1234               | gzip     | 0
          gzip;q=.5                   | gzip     | 0
          gzip;q=0x5                  | gzip     | 0
          gzip;q=-1                   | gzip     | 0
          gzip;q                      | gzip     | 0
          gzip;level=5                | gzip     | 0
          'gzip;q=no, *;q=0.4'        | gzip     | 400
          """)
  void codingsHaveTheWeightsThatTheirMembersSay(String value, String coding, int weight) {
    assertEquals(weight, accepted(value).weight(coding));
  }

  @Test
  void withoutTheFieldNoCodingIsTaken() {
    AcceptEncoding nothing = AcceptEncoding.of(Fields.empty());
    assertEquals(0, nothing.weight("gzip"));
    assertEquals(1, nothing.weight("identity"));
  }

  @Test
  void linesAreOneList() {
    Fields lines = Fields.of("Accept-Encoding", "br", "Accept-Encoding", "gzip;q=0.5");
    assertEquals(500, AcceptEncoding.of(lines).weight("gzip"));
  }

  @ParameterizedTest(name = "{0} prefers gzip to none: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip                        | true
          gzip;q=0.001                | true
          'gzip, identity'            | true
          'gzip;q=0.5, identity'      | false
          'gzip;q=0.5, identity;q=0'  | true
          'gzip;q=0'                  | false
          'gzip;q=0, identity;q=0'    | false
          br                          | false
          *                           | true
          """)
  void aCodingThatIsLikedLessThanNoneIsNotPreferred(String value, boolean preferred) {
    assertEquals(preferred, accepted(value).prefers("gzip"));
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'gzip, deflate, br, zstd'            | 'gzip, deflate, br, zstd'
          'zstd,br,deflate,GZIP'               | 'gzip, deflate, br, zstd'
          'gzip;q=1.0, br;q=1'                 | 'gzip, br'
          'gzip;q=0.8, br;q=0.8'               | 'gzip, br'
          'br;q=1.0, gzip;q=0.8, *;q=0.1'      | 'gzip;q=0.9, deflate;q=0.8, br, zstd;q=0.8'
          'br;q=0.2, gzip;q=0.1'               | 'gzip;q=0.9, br'
          'gzip, br;q=0'                       | gzip
          'gzip, compress, exi, made-up'       | gzip
          'gzip;q=0.5, identity'               | identity
          identity                             | identity
          made-up                              | identity
          *                                    | 'gzip, deflate, br, zstd'
          'gzip, identity;q=0'                 | 'gzip, identity;q=0'
          'gzip, *;q=0'                        | 'gzip, identity;q=0'
          *;q=0                                | identity;q=0
          """)
  void thereIsOneSpellingForWhatMeansTheSame(String value, String canonical) {
    assertEquals(canonical, accepted(value).canonical());
    assertEquals(canonical, accepted(canonical).canonical());
  }

  @Test
  void anEmptyFieldTakesNoCoding() {
    assertEquals("identity", accepted("").canonical());
  }

  private static AcceptEncoding accepted(String value) {
    return AcceptEncoding.of(Fields.of("Accept-Encoding", value));
  }
}
