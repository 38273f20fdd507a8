package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.wire.HeadLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §8.2, §8.3. */
class RequestHeadsTest {
  private static final String GET = ":method=GET :scheme=https :authority=a :path=/";

  /** Fields of a test: separated by blanks, in which {@code _} stands for a blank. */
  private static String[] fields(String text) {
    List<String> fields = new ArrayList<>();
    for (String field : text.split(" ")) {
      int equals = field.indexOf('=');
      fields.add(field.substring(0, equals));
      fields.add(field.substring(equals + 1).replace('_', ' ').replace("NUL", "\0"));
    }
    return fields.toArray(String[]::new);
  }

  private static Http2Head accepted(String text) {
    End server = End.server().receive(Frames.headers(1, true, fields(text)));
    assertEquals(List.of(), server.frames());
    return server.stream(0).head;
  }

  private static List<String> answer(boolean ends, String... fields) {
    End server = End.server().receive(Frames.headers(1, ends, fields));
    assertEquals(List.of(), server.told);
    return server.frames();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":scheme=https :authority=a :path=/",
        ":method=GET :authority=a :path=/",
        ":method=GET :scheme=https :authority=a",
        ":method=GET :scheme=https :path=/",
        ":method=GET :scheme=https :authority= :path=/",
        ":method=GET :scheme=https :authority=a :path=",
        ":method=GET :scheme=https :authority=a :path=a",
        ":method=GET :scheme=https :authority=a :path=*",
        ":method=GET :scheme=https :authority=a :path=http://b/",
        ":method=GET :scheme=https :authority=a :path=@b/",
        ":method=GET :scheme=https :authority=a :path=/a#b",
        ":method=GET :scheme=https :authority=a :path=/a_b",
        ":method=GET :scheme=https :authority=u@a :path=/",
        ":method=GET :scheme=https :authority=a/b :path=/",
        ":method=GET :scheme=https :authority=a:x :path=/",
        ":method=GET :scheme=1 :authority=a :path=/",
        ":method=GET :scheme= :authority=a :path=/",
        ":method=G,T :scheme=https :authority=a :path=/",
        ":method= :scheme=https :authority=a :path=/",
        ":method=GET " + GET,
        GET + " :path=/",
        GET + " :scheme=https",
        GET + " :authority=a",
        GET + " :status=200",
        GET + " :x=y",
        GET + " :=y",
        GET + " :protocol=websocket",
        "x=y " + GET,
        GET + " x=y :authority=a",
        GET + " X=y",
        GET + " x:y=z",
        GET + " =z",
        GET + " x=_y",
        GET + " x=y_",
        GET + " x=aNULb",
        GET + " connection=close",
        GET + " keep-alive=1",
        GET + " proxy-connection=close",
        GET + " transfer-encoding=chunked",
        GET + " upgrade=h2c",
        GET + " te=gzip",
        GET + " te=trailers,_gzip",
        GET + " host=b",
        GET + " host=a host=a",
        GET + " content-length=1",
        GET + " content-length=0 content-length=0",
        GET + " content-length=+0",
        GET + " content-length=",
        GET + " content-length=1234567890123456789",
        ":method=CONNECT :authority=a:1 :path=/",
        ":method=CONNECT :authority=a:1 :scheme=https",
        ":method=CONNECT :authority=a",
        ":method=CONNECT :authority=:1",
        ":method=CONNECT :authority=a:0",
        ":method=CONNECT",
        ":method=CONNECT host=a:1"
      })
  void aMalformedRequestIsReset(String text) {
    assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), answer(true, fields(text)));
  }

  @Test
  void aRequestIsTakenWithItsPseudoHeaderFieldsApart() {
    Http2Head head =
        accepted(":path=/x?y :method=PUT :authority=A:8443 :scheme=HTTPS a=b te=Trailers");
    assertEquals("PUT", head.method());
    assertEquals("https", head.scheme());
    assertEquals("A:8443", head.authority());
    assertEquals("/x?y", head.path());
    assertNull(head.protocol());
    assertEquals(0, head.status());
    assertEquals("[a, te]", head.fields().toString());
  }

  @Test
  void hostAloneNamesTheAuthorityToo() {
    Http2Head head = accepted(":method=GET :scheme=https :path=/ host=a");
    assertNull(head.authority());
    assertEquals("a", head.fields().first(FieldName.HOST));
  }

  @Test
  void hostMaySayTheSameInOtherWords() {
    assertEquals("a", accepted(GET + " host=A:443").authority());
  }

  @Test
  void optionsMayAskAboutTheServerAsAWhole() {
    assertEquals("*", accepted(":method=OPTIONS :scheme=https :authority=a :path=*").path());
  }

  @Test
  void octetsOfAPathThatAreNotAsciiAreEscaped() {
    assertEquals("/%E4", accepted(":method=GET :scheme=https :authority=a :path=/\u00e4").path());
  }

  @Test
  void linesOfCookieBecomeOne() {
    Http2Head head = accepted(GET + " cookie=a=b x=y cookie=c=d cookie=e");
    assertEquals(List.of("a=b; c=d; e"), head.fields().all(FieldName.COOKIE));
    assertEquals("[x, cookie]", head.fields().toString());
  }

  @Test
  void connectHasAnAuthorityAlone() {
    Http2Head head = accepted(":method=CONNECT :authority=a:443");
    assertEquals("a:443", head.authority());
    assertNull(head.path());
    assertNull(head.scheme());
  }

  @Test
  void anExtendedConnectIsTakenIfThatWasAnnounced() {
    End server = End.established(new End(Role.SERVER, Http2Settings.DEFAULT, End.LIMITS, true));
    String text = ":method=CONNECT :protocol=websocket :scheme=https :authority=a :path=/x";
    server.receive(Frames.headers(1, false, fields(text)));
    assertEquals("websocket", server.stream(0).head.protocol());
    assertEquals("/x", server.stream(0).head.path());
    server.receive(
        Frames.headers(3, false, fields(":method=GET :protocol=x " + GET.substring(12))));
    assertEquals(List.of("RST_STREAM 3 PROTOCOL_ERROR"), server.frames());
  }

  @Test
  void anExtendedConnectIsAnnouncedOnlyIfItIsTaken() {
    End server = new End(Role.SERVER, Http2Settings.DEFAULT, End.LIMITS, true);
    server.session.start();
    End client = new End(Role.CLIENT, Http2Settings.DEFAULT);
    client.receive(server.out.toByteArray());
    assertEquals(true, client.session.peerTakesExtendedConnect());
    server = new End(Role.SERVER, Http2Settings.DEFAULT);
    server.session.start();
    client = new End(Role.CLIENT, Http2Settings.DEFAULT);
    client.receive(server.out.toByteArray());
    assertEquals(false, client.session.peerTakesExtendedConnect());
  }

  /** {@code GET / HTTP/1.1} CRLF, {@code Host: a} CRLF, {@code x: y…} CRLF and CRLF. */
  @Test
  void aHeadMayBeAsLargeAsInHttp11() {
    HeadLimits limits = new HeadLimits(100, 50, 3);
    int value = 100 - 16 - 9 - 5 - 2;
    assertEquals("opened 1 GET / ends", opened(limits, GET + " x=" + "y".repeat(value)));
    assertEquals(
        "opened 1 HEAD_TOO_LARGE ends", opened(limits, GET + " x=" + "y".repeat(value + 1)));
    assertEquals("opened 1 GET / ends", opened(limits, GET + " a=b c=d"));
    assertEquals("opened 1 TOO_MANY_FIELDS ends", opened(limits, GET + " a=b c=d e=f"));
    assertEquals("opened 1 GET / ends", opened(limits, GET + " a=b cookie=a cookie=b cookie=c"));
    String path = ":method=GET :scheme=https :authority=a :path=/" + "p".repeat(50 - 16);
    assertEquals("opened 1 GET /" + "p".repeat(34) + " ends", opened(limits, path));
    assertEquals("opened 1 TARGET_TOO_LONG ends", opened(limits, path + "p"));
  }

  /** The first as {@code Cookie:} with CRLF, each of the others as {@code ; } behind it. */
  @Test
  void crumbsOfCookieCountAsTheLineThatTheyBecome() {
    HeadLimits limits = new HeadLimits(16 + 9 + 2 + 10 + 2 * 200, 50, 100);
    String crumbs = " cookie=".repeat(201);
    assertEquals("opened 1 GET / ends", opened(limits, GET + crumbs));
    assertEquals("opened 1 HEAD_TOO_LARGE ends", opened(limits, GET + crumbs + " cookie="));
    End server = End.established(new End(Role.SERVER, Http2Settings.DEFAULT, limits, false));
    server.receive(Frames.headers(1, true, fields(GET + " cookie=".repeat(1000))));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  private static String opened(HeadLimits limits, String text) {
    End server = End.established(new End(Role.SERVER, Http2Settings.DEFAULT, limits, false));
    server.receive(Frames.headers(1, true, fields(text)));
    assertEquals(List.of(), server.frames());
    return server.told.get(0);
  }

  @Test
  void aHeadThatIsTooLargeIsAnsweredAndTheConnectionGoesOn() {
    HeadLimits limits = new HeadLimits(1000, 500, 100);
    End server = End.established(new End(Role.SERVER, Http2Settings.DEFAULT, limits, false));
    server.receive(Frames.post(1, "x", "y".repeat(1000)));
    assertEquals(List.of("opened 1 HEAD_TOO_LARGE"), server.told);
    Http2Stream stream = server.stream(0).stream;
    stream.head(server.session.block().status(431), true);
    server.receive(Frames.data(1, true, "thrown away"), Frames.get(3));
    assertEquals(List.of("HEADERS 1 ends"), server.frames());
    assertEquals("", server.stream(0).text());
    assertEquals("opened 3 GET / ends", server.told.get(2));
  }

  @Test
  void theMethodOfAHeadThatIsTooLargeIsToldIfItIsKnown() {
    HeadLimits limits = new HeadLimits(1000, 500, 100);
    End server = End.established(new End(Role.SERVER, Http2Settings.DEFAULT, limits, false));
    String large = " x=" + "y".repeat(1000);
    server.receive(Frames.headers(1, true, fields(GET.replace("GET", "HEAD") + large)));
    server.receive(Frames.headers(3, true, fields("x=y" + large)));
    assertEquals("HEAD", server.stream(0).method);
    assertNull(server.stream(1).method);
  }

  @Test
  void trailersHoldNoPseudoHeaderFields() {
    End server = End.server().receive(Frames.post(1), Frames.headers(1, true, ":path", "/"));
    assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), server.frames());
    assertEquals("PROTOCOL_ERROR ", server.stream(0).events.toString());
  }

  @Test
  void trailersEndTheirStream() {
    End server = End.server().receive(Frames.post(1), Frames.headers(1, false, "x", "y"));
    assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), server.frames());
    server.receive(Frames.post(3), Frames.headers(3, true, "x", "y"));
    assertEquals("end[x] ", server.stream(1).events.toString());
  }
}
