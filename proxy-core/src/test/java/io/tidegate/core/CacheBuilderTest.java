package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.TagField;
import io.tidegate.core.cache.TagField.Separator;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Checks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheBuilderTest {
  private static CacheBuilder builder() {
    return new CacheBuilder(CacheSettings.REVERSE);
  }

  @Test
  void nothingSaidIsTheDefault() {
    assertEquals(CacheSettings.REVERSE, builder().settings());
    assertEquals(Optional.empty(), builder().settings().tagField());
    assertEquals(List.of(), builder().purgeFrom(new Checks()));
    assertEquals(List.of(), builder().purgePolicies());
  }

  @Test
  void theTagFieldIsTheLastOneNamed() {
    CacheSettings settings =
        builder()
            .tagField("Surrogate-Key", Separator.SPACE)
            .tagField("Cache-Tag", Separator.COMMA)
            .settings();
    assertEquals(
        Optional.of(TagField.of(FieldName.of("Cache-Tag"), Separator.COMMA)), settings.tagField());
    assertEquals(settings, new CacheBuilder(settings).settings());
    assertThrows(IllegalArgumentException.class, () -> builder().tagField("a b", Separator.COMMA));
  }

  @Test
  void theLongestResponseIsKeptWithTheRest() {
    CacheSettings settings = builder().maxBytes(800).maxResponseBytes(5).settings();
    assertEquals(5, new CacheBuilder(settings).settings().longestResponse());
    assertEquals(
        100, new CacheBuilder(builder().maxBytes(800).settings()).settings().longestResponse());
  }

  @Test
  void thoseWhoMayPurgeAddUp() {
    assertEquals(
        List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("fd00::/8")),
        builder().purgeFrom("127.0.0.1").purgeFrom("fd00::/8").purgeFrom(new Checks()));
    assertEquals(2, builder().purge(r -> null).purge(r -> null).purgePolicies().size());
  }
}
