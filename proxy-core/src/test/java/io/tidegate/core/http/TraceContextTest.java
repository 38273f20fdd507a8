package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";
  private static final Pattern ID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]");

  private static @Nullable TraceContext of(String traceparent) {
    return TraceContext.of(Fields.of("traceparent", traceparent));
  }

  private static String state(String... tracestates) {
    String[] fields = new String[2 + 2 * tracestates.length];
    fields[0] = "Traceparent";
    fields[1] = VALID;
    for (int i = 0; i < tracestates.length; i++) {
      fields[2 + 2 * i] = "Tracestate";
      fields[3 + 2 * i] = tracestates[i];
    }
    TraceContext context = TraceContext.of(Fields.of(fields));
    assertNotNull(context);
    return context.state();
  }

  @Test
  void aValidTraceparentHasItsParts() {
    assertEquals(new TraceContext(TRACE, PARENT, true, ""), of(VALID));
    assertEquals(VALID, of(VALID).traceparent());
  }

  @ParameterizedTest(name = "flags {0}")
  @CsvSource({"00,false", "01,true", "02,false", "03,true", "fe,false", "ff,true"})
  void onlyTheLastBitOfTheFlagsSaysSampled(String flags, boolean sampled) {
    TraceContext context = of("00-" + TRACE + "-" + PARENT + "-" + flags);
    assertEquals(sampled, context.sampled());
    assertTrue(context.traceparent().endsWith(sampled ? "-01" : "-00"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes",
        "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
      })
  void aVersionToComeIsReadAsFarAsItIsKnown(String traceparent) {
    assertEquals(new TraceContext(TRACE, PARENT, true, ""), of(traceparent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-010",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bx-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      })
  void anInvalidTraceparentIsNone(String traceparent) {
    assertNull(of(traceparent));
  }

  @Test
  void twoTraceparentsAreNone() {
    assertNull(TraceContext.of(Fields.of("traceparent", VALID, "traceparent", VALID)));
    assertNull(TraceContext.of(Fields.of("tracestate", "a=1")));
  }

  @Test
  void aTracestateIsWhatAllItsFieldsSay() {
    assertEquals("a=1,b=2", state("a=1", "b=2"));
    assertEquals("a=1 , ,\tb=2,", state("a=1 , ,\tb=2,"));
    assertEquals("a=1,a=2", state("a=1,a=2"));
    assertEquals("0t-_*/@s1=!~ x", state("0t-_*/@s1=!~ x"));
    assertEquals("", state());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "a",
        "a=",
        "=1",
        "A=1",
        "1=1",
        "a b=1",
        "a=b=c",
        "@s=1",
        "t@=1",
        "t@1s=1",
        "t@s@u=1",
        "a=\u00e9",
        "t@abcdefghijklmno=1",
        "a=1,b"
      })
  void anInvalidTracestateIsNone(String tracestate) {
    assertEquals("", state(tracestate));
  }

  @Test
  void theLimitsOfATracestateAreThoseOfItsSpecification() {
    String key = "k".repeat(256);
    assertEquals(key + "=1", state(key + "=1"));
    assertEquals("", state("k" + key + "=1"));
    String tenant = "t".repeat(241) + "@" + "s".repeat(14);
    assertEquals(tenant + "=1", state(tenant + "=1"));
    assertEquals("", state("t" + tenant + "=1"));
    String value = "a=" + "v".repeat(256);
    assertEquals(value, state(value));
    assertEquals("", state(value + "v"));
    String most =
        IntStream.range(0, 32).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(","));
    assertEquals(most, state(most));
    assertEquals("", state(most + ",k=1"));
  }

  @Test
  void theNextPartOfATraceHasAnIdOfItsOwn() {
    TraceContext context = new TraceContext(TRACE, PARENT, false, "a=1");
    TraceContext next = context.next(new Random(1));
    assertEquals(TRACE, next.traceId());
    assertNotEquals(PARENT, next.parentId());
    assertEquals("a=1", next.state());
    assertTrue(ID.matcher(next.traceparent()).matches(), next.traceparent());
  }

  @Test
  void aTraceOfOurOwnIsValidWhateverTheDiceSay() {
    long[] dice = {0, 0, 1, 0, Long.MIN_VALUE, -1};
    int[] thrown = {0};
    TraceContext begun = TraceContext.begin(() -> dice[thrown[0]++], true);
    assertEquals("00-00000000000000018000000000000000-ffffffffffffffff-01", begun.traceparent());
  }

  @Test
  void whateverOctetsComeAreEitherValidOrNone() {
    Random random = new Random(42);
    int valid = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder mutated = new StringBuilder(VALID);
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        mutated.setCharAt(random.nextInt(mutated.length()), (char) (' ' + random.nextInt(95)));
      }
      mutated.setLength(random.nextInt(10) == 0 ? random.nextInt(56) : mutated.length());
      TraceContext read = of(mutated.toString().strip());
      if (read != null) {
        valid++;
        assertTrue(ID.matcher(read.traceparent()).matches(), read.traceparent());
        assertEquals(read, of(read.traceparent()));
      }
    }
    assertTrue(valid > 30_000 && valid < 60_000, "valid: " + valid);
  }
}
