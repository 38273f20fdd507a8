package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 6455 §4. */
class WebSocketKeyTest {
  @Test
  void aKeyHasOneAnswer() {
    assertEquals(
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", new WebSocketKey("dGhlIHNhbXBsZSBub25jZQ==").accept());
  }

  @Test
  void aNewKeyIsSixteenOctetsByChance() {
    Random random = new Random(1);
    WebSocketKey key = WebSocketKey.random(random);
    assertEquals(16, Base64.getDecoder().decode(key.text()).length);
    assertNotEquals(key, WebSocketKey.random(random));
    assertEquals(key, WebSocketKey.random(new Random(1)));
  }
}
