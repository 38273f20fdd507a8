package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static BasicCredentials basic(String text, Charset charset) {
    return BasicCredentials.parse(Base64.getEncoder().encodeToString(text.getBytes(charset)));
  }

  @Test
  void aTokenIsReadWithItsScheme() {
    Credentials credentials = Credentials.parse("BASIC  Zm9vOmJhcg==");
    assertEquals("basic", credentials.scheme());
    assertEquals("Zm9vOmJhcg==", credentials.token());
    assertEquals(Map.of(), credentials.parameters());
  }

  @Test
  void parametersAreTokensAndQuotedStrings() {
    Credentials credentials =
        Credentials.parse("Digest , Username=\"a \\\"b\\\\\", nc=00000001,, uri = \"/x,y=z\" ,");
    assertEquals("digest", credentials.scheme());
    assertEquals("", credentials.token());
    assertEquals(
        Map.of("username", "a \"b\\", "nc", "00000001", "uri", "/x,y=z"), credentials.parameters());
  }

  @Test
  void aSchemeMayStandAlone() {
    assertEquals(new Credentials("negotiate", "", Map.of()), Credentials.parse("Negotiate"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " Basic abc",
        "Ba(sic abc",
        "Basic a b",
        "Basic abc==d",
        "Basic ==",
        "Digest a=\"b",
        "Digest a=\"b\\",
        "Digest a=\"b\" c=d",
        "Digest a=b, a=c",
        "Digest a=b, A=c",
        "Digest =b, c=d",
        "Digest a=b, c",
        "Digest a=b, c=",
        "Digest a=b;c=d"
      })
  void whatIsMalformedIsNothing(String value) {
    assertNull(Credentials.parse(value));
  }

  @Test
  void nothingSecretIsInTheText() {
    assertEquals("basic", Credentials.parse("Basic Zm9vOmJhcg==").toString());
    assertEquals("a name and a password", new BasicCredentials("foo", "bar").toString());
  }

  @Test
  void whateverIsWrittenIsReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      Map<String, String> parameters = new LinkedHashMap<>();
      StringBuilder text = new StringBuilder("Digest ");
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        String value = value(random);
        parameters.put("p" + n, value);
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
        text.append("p").append(n).append("=\"").append(quoted).append("\",");
      }
      assertEquals(parameters, Credentials.parse(text.toString()).parameters());
    }
  }

  private static String value(Random random) {
    StringBuilder value = new StringBuilder();
    for (int n = random.nextInt(8); n > 0; n--) {
      value.append("ab,=\\\" \t\u00fc/".charAt(random.nextInt(10)));
    }
    return value.toString();
  }

  @Test
  void noOctetsBreakTheReader() {
    Random random = new Random(8);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append("aB ,=\\\"\t1/(\u00e9".charAt(random.nextInt(12)));
      }
      Credentials credentials = Credentials.parse(text.toString());
      if (credentials != null) {
        read++;
        assertEquals("", credentials.parameters().isEmpty() ? "" : credentials.token());
      }
    }
    assertEquals(true, read > 1000, "reads " + read);
  }

  @Test
  void aPasswordMayHoldColonsAndAnythingThatIsText() {
    assertEquals(
        new BasicCredentials("Jürgen", "a:b:€"), basic("Jürgen:a:b:€", StandardCharsets.UTF_8));
    assertEquals(new BasicCredentials("", ""), basic(":", StandardCharsets.UTF_8));
  }

  @Test
  void whatIsNotUtf8IsLatin1() {
    assertEquals(
        new BasicCredentials("Jürgen", "ß"), basic("Jürgen:ß", StandardCharsets.ISO_8859_1));
  }

  @Test
  void namesAndPasswordsOf255OctetsAreTaken() {
    String name = "n".repeat(255);
    String password = "p".repeat(255);
    assertEquals(
        new BasicCredentials(name, password), basic(name + ":" + password, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nocolon", "a:b\0", "a\n:b", "a:\u007f"})
  void whatIsNoNameAndPasswordIsNothing(String text) {
    assertNull(basic(text, StandardCharsets.UTF_8));
    assertNotNull(basic("a:b", StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "YTpi-", "Y===", "====", ""})
  void whatIsNoBase64IsNothing(String token) {
    assertNull(BasicCredentials.parse(token));
  }
}
