package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import io.tidegate.forward.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestCheckTest {
  private static final String REALM = "http-auth@example.org";
  private static final Identity MUFASA = Identity.of("Mufasa");

  private final AtomicLong now = new AtomicLong();
  private final KeyedHash hashes = new KeyedHash(new byte[32]);
  private final Nonces nonces = new Nonces(hashes, Duration.ofSeconds(60), now::get);
  private final DigestCheck check = new DigestCheck(REALM, nonces, hashes);
  private final DigestUsers users =
      new DigestUsers(
          Map.of(
              "Mufasa",
              user(MUFASA, "Circle of Life"),
              "Jäsøn Doe",
              user(Identity.of("Jäsøn Doe"), "Secret, or not?")));

  private static DigestUsers.User user(Identity identity, String password) {
    return new DigestUsers.User(identity, DigestUsers.hash(identity.user(), REALM, password));
  }

  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** What a client sends who knows {@code password}. */
  static String digest(
      String name, String password, String nonce, String method, String uri, int count) {
    String nc = String.format("%08x", count);
    String what = DigestUsers.sha256((method + ":" + uri).getBytes(StandardCharsets.UTF_8));
    String all =
        String.join(":", DigestUsers.hash(name, REALM, password), nonce, nc, "c0", "auth", what);
    return "Digest username=\"%s\", realm=\"%s\", uri=\"%s\", algorithm=SHA-256, nonce=\"%s\", nc=%s, cnonce=\"c0\", qop=auth, response=\"%s\", userhash=false"
        .formatted(
            latin1(name),
            REALM,
            uri,
            nonce,
            nc,
            DigestUsers.sha256(all.getBytes(StandardCharsets.UTF_8)));
  }

  private DigestCheck.Outcome check(ClientRequest request, String value) {
    return check.check(request, Credentials.parse(value), () -> users);
  }

  private static final String URI = "http://www.example.com/dir/index.html";

  private DigestCheck.Outcome get(String value) {
    return check(Sample.get(URI), value);
  }

  @Test
  void theExampleOfTheRfcIsRight() {
    // RFC 7616 §3.9.1; the nonce is not ours, so what is right is stale.
    String value =
        """
        Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
        algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, \
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, \
        response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", \
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"""";
    assertEquals(DigestCheck.Outcome.STALE, get(value));
    assertEquals(DigestCheck.Outcome.WRONG, get(value.replace("753927", "753928")));
  }

  @Test
  void rightCredentialsAreTakenOnce() {
    String value = digest("Mufasa", "Circle of Life", nonces.next(), "GET", URI, 1);
    assertFalse(check.isProven(Credentials.parse(value)));
    assertEquals(MUFASA, get(value).identity());
    assertEquals(DigestCheck.Outcome.STALE, get(value));
    assertTrue(check.isProven(Credentials.parse(value)));
  }

  @Test
  void aNonceIsUsedForManyRequests() {
    String nonce = nonces.next();
    for (int i = 1; i < 300; i++) {
      String value = digest("Mufasa", "Circle of Life", nonce, "GET", "/dir/index.html", i);
      assertEquals(MUFASA, get(value).identity());
    }
  }

  @Test
  void aNonceOfOldIsStaleForWhoKnowsThePassword() {
    String nonce = nonces.next();
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertEquals(
        DigestCheck.Outcome.STALE, get(digest("Mufasa", "Circle of Life", nonce, "GET", URI, 1)));
    assertEquals(DigestCheck.Outcome.WRONG, get(digest("Mufasa", "x", nonce, "GET", URI, 1)));
  }

  @Test
  void connectNamesItsTarget() {
    String value = digest("Mufasa", "Circle of Life", nonces.next(), "CONNECT", "a.example:443", 1);
    assertEquals(MUFASA, check(Sample.connect("a.example:443"), value).identity());
    assertEquals(DigestCheck.Outcome.WRONG, check(Sample.connect("b.example:443"), value));
  }

  @Test
  void namesMayBeOfAnyLetters() {
    String value = digest("Jäsøn Doe", "Secret, or not?", nonces.next(), "GET", URI, 1);
    assertEquals("Jäsøn Doe", get(value).identity().user());
    String encoded =
        digest("Jäsøn Doe", "Secret, or not?", nonces.next(), "GET", URI, 1)
            .replaceAll("username=\"[^\"]*\"", "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe");
    assertEquals("Jäsøn Doe", get(encoded).identity().user());
    assertEquals(
        DigestCheck.Outcome.WRONG, get(encoded.replace("Digest ", "Digest username=\"x\", ")));
    assertEquals(DigestCheck.Outcome.WRONG, get(encoded.replace("%C3%A4", "%C")));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "username=\"Mufasa\" | username=\"Scar\"",
        "username=\"Mufasa\" | nobody=\"Mufasa\"",
        "realm=\"http        | realm=\"ftp",
        "index.html          | index.htm",
        "SHA-256             | MD5",
        "algorithm           | algorism",
        "nc=00000001         | nc=1",
        "nc=00000001         | nc=0000000g",
        "nc=00000001         | nc=00000002",
        "qop=auth            | qop=auth-int",
        "cnonce=\"c0\"       | cnonce=\"c1\"",
        "cnonce              | cnunce",
        "userhash=false      | userhash=true",
        "response            | answer",
      })
  void whatIsOtherwiseIsWrong(String part, String other) {
    String value = digest("Mufasa", "Circle of Life", nonces.next(), "GET", URI, 1);
    assertTrue(value.contains(part), value);
    assertEquals(DigestCheck.Outcome.WRONG, get(value.replace(part, other)));
  }
}
