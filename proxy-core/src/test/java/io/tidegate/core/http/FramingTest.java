package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.BadMessageException.Fault;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 §6.3. The fields in the tables are separated by slashes. */
class FramingTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Length: 0                                              | 0
          Content-Length: 3                                              | 3
          content-length: 10485760                                       | 10485760
          Content-Length: 00                                             | 0
          Content-Length: 03                                             | 3
          Content-Length: 0000000000000000000000043                      | 43
          Content-Length: 999999999999999999                             | 999999999999999999
          Content-Length: 000999999999999999999                          | 999999999999999999
          """)
  void aLengthIsANumberOfAtMost18Digits(String fields, long length) throws Exception {
    assertEquals(length, request(fields).length());
    assertEquals(Framing.Kind.FIXED, request(fields).kind());
    assertEquals(length, response("GET", 200, fields).length());
    assertEquals(length, request(HttpVersion.HTTP_1_0, fields).length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: ",
        "Content-Length: +3",
        "Content-Length: -3",
        "Content-Length: 0x3",
        "Content-Length: 3.0",
        "Content-Length: 3e1",
        "Content-Length: 1 0",
        "Content-Length: 1_000",
        "Content-Length: \"3\"",
        "Content-Length: \u00b3",
        "Content-Length: 3, 3",
        "Content-Length: 3,",
        "Content-Length: ,3",
        "Content-Length: 3;a",
        "Content-Length: 1000000000000000000",
        "Content-Length: 9223372036854775807",
        "Content-Length: 9223372036854775808",
        "Content-Length: 18446744073709551619",
        "Content-Length: 99999999999999999999999999999999",
        "Content-Length: 3 / Content-Length: 3",
        "Content-Length: 3 / Content-Length: 4",
        "Content-Length: 3 / A: b / content-length: 3",
        "Content-Length: 3 / Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked / Content-Length: 0",
        "Transfer-Encoding: identity / Content-Length: 3",
        "Transfer-Encoding: chunked / Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked / Transfer-Encoding: identity",
        "Transfer-Encoding: identity / transfer-encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: , chunked",
        "Transfer-Encoding: chunked,"
      })
  void whatCanBeReadInTwoWaysIsRefused(String fields) {
    assertEquals(Fault.FRAMING, fault(() -> request(fields)));
    assertEquals(Fault.FRAMING, fault(() -> response("GET", 200, fields)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: ",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: x chunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: chunked;a=b"
      })
  void codingsOtherThanChunkedAreNotDecoded(String fields) {
    assertEquals(Fault.TRANSFER_CODING, fault(() -> request(fields)));
    assertEquals(Fault.TRANSFER_CODING, fault(() -> response("GET", 200, fields)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Transfer-Encoding: chunked", "transfer-encoding: CHUNKED"})
  void chunkedIsWrittenInAnyCase(String fields) throws Exception {
    assertSame(Framing.CHUNKED, request(fields));
    assertSame(Framing.CHUNKED, response("GET", 200, fields));
  }

  @Test
  void http10HasNoTransferCodings() {
    String chunked = "Transfer-Encoding: chunked";
    assertEquals(Fault.FRAMING, fault(() -> request(HttpVersion.HTTP_1_0, chunked)));
    assertEquals(Fault.FRAMING, fault(() -> response(HttpVersion.HTTP_1_0, "GET", 200, chunked)));
  }

  @Test
  void aRequestThatSaysNothingHasNoContentAndAResponseLastsUntilTheConnectionCloses()
      throws Exception {
    assertSame(Framing.NONE, request("A: b"));
    assertSame(Framing.UNTIL_CLOSE, response("GET", 200, "A: b"));
  }

  @ParameterizedTest(name = "{1} in answer to {0}, {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HEAD | 200 | Content-Length: 3
          HEAD | 200 | Transfer-Encoding: chunked
          HEAD | 200 | Transfer-Encoding: gzip
          HEAD | 404 | A: b
          GET  | 100 | A: b
          GET  | 101 | Transfer-Encoding: chunked
          GET  | 103 | Content-Length: 3
          GET  | 204 | Content-Length: 3
          GET  | 204 | Transfer-Encoding: chunked
          GET  | 304 | Content-Length: 3
          GET  | 304 | Transfer-Encoding: chunked
          """)
  void someResponsesHaveNoContentWhateverTheFieldsSay(String method, int status, String fields)
      throws Exception {
    assertSame(Framing.NONE, response(method, status, fields));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3 / Transfer-Encoding: chunked",
        "Content-Length: 3 / Content-Length: 4",
        "Content-Length: x"
      })
  void anAmbiguousResponseIsRefusedEvenIfItHasNoContent(String fields) {
    assertEquals(Fault.FRAMING, fault(() -> response("HEAD", 200, fields)));
    assertEquals(Fault.FRAMING, fault(() -> response("GET", 304, fields)));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 205, 206, 303, 400, 407, 500, 999})
  void otherStatusCodesHaveContent(int status) throws Exception {
    assertEquals(3, response("GET", status, "Content-Length: 3").length());
  }

  @Test
  void onlyNoneAndLengthZeroAreEmpty() {
    assertTrue(Framing.NONE.isEmpty());
    assertTrue(Framing.fixed(0).isEmpty());
    assertFalse(Framing.fixed(1).isEmpty());
    assertFalse(Framing.CHUNKED.isEmpty());
    assertFalse(Framing.UNTIL_CLOSE.isEmpty());
    assertEquals("FIXED 1", Framing.fixed(1).toString());
    assertEquals("CHUNKED", Framing.CHUNKED.toString());
  }

  private interface Parse {
    Framing run() throws BadMessageException;
  }

  private static Fault fault(Parse parse) {
    return assertThrows(BadMessageException.class, parse::run).fault();
  }

  private static Framing request(String fields) throws BadMessageException {
    return request(HttpVersion.HTTP_1_1, fields);
  }

  private static Framing request(HttpVersion version, String fields) throws BadMessageException {
    return Framing.ofRequest(new RequestHead("POST", "/", version, fields(fields)));
  }

  private static Framing response(String method, int status, String fields)
      throws BadMessageException {
    return response(HttpVersion.HTTP_1_1, method, status, fields);
  }

  private static Framing response(HttpVersion version, String method, int status, String fields)
      throws BadMessageException {
    return Framing.ofResponse(method, new ResponseHead(version, status, "", fields(fields)));
  }

  private static Fields fields(String lines) {
    return Fields.of(
        Stream.of(lines.split(" / "))
            .flatMap(line -> Stream.of(line.split(": ?", 2)))
            .toArray(String[]::new));
  }
}
