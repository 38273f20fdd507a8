package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {
  /** {@code printf '\0\0\0\1\0\0\0\3a/b\0\0\0\0\0\0\0\0\0\0\0\0q' | sha256sum}. */
  @Test
  void itIsSha256OverMetadataWithTheirLengthsAndContent() {
    assertEquals(
        "a948abe4ec212cf1574d34c0f8f679904cfe6711402ee7c594d3c8363b2f4862",
        digest("q", "Content-Type", "a/b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"})
  void metadataOfTheContentSetDigestsApart(String name) {
    assertNotEquals(digest("q"), digest("q", name, "a"));
    assertNotEquals(digest("q", name, "b"), digest("q", name, "a"));
    assertNotEquals(digest("q", name, "A"), digest("q", name, "a"));
    assertEquals(digest("q", name, "a"), digest("q", name.toLowerCase(Locale.ROOT), "a"));
  }

  @Test
  void otherFieldsDoNotCount() {
    assertEquals(
        digest("q"), digest("q", "Accept", "a", "Content-Length", "1", "Content-Digest", "x"));
  }

  /** Each moves an octet across a border; what is written behind one another is the same. */
  @Test
  void nothingCanBeTakenForWhatFollowsIt() {
    List<String> all =
        List.of(
            digest("ab"),
            digest("b", "Content-Type", "a"),
            digest("", "Content-Type", "ab"),
            digest("", "Content-Type", "a", "Content-Type", "b"),
            digest("", "Content-Type", "a", "Content-Encoding", "b"),
            digest("", "Content-Type", "a", "Content-Language", "b"),
            digest("", "Content-Encoding", "ab"),
            digest("", "Content-Type", "", "Content-Type", "ab"),
            digest("\0\0\0\0ab"),
            digest(""));
    assertEquals(all, new ArrayList<>(new LinkedHashSet<>(all)));
  }

  private static String digest(String content, String... fields) {
    byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
    return ContentDigest.of(Fields.of(fields), ByteBuffer.wrap(octets));
  }
}
