package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.StructuredValue.Bare;
import io.tidegate.core.http.StructuredValue.Bool;
import io.tidegate.core.http.StructuredValue.Bytes;
import io.tidegate.core.http.StructuredValue.Date;
import io.tidegate.core.http.StructuredValue.Decimal;
import io.tidegate.core.http.StructuredValue.DisplayText;
import io.tidegate.core.http.StructuredValue.InnerList;
import io.tidegate.core.http.StructuredValue.Int;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import io.tidegate.core.http.StructuredValue.Text;
import io.tidegate.core.http.StructuredValue.Token;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9651. */
class StructuredFieldsTest {
  private static Item item(String text) {
    return StructuredFields.parseItem(List.of(text));
  }

  private static String list(String... lines) {
    List<Member> members = StructuredFields.parseList(List.of(lines));
    return members == null ? null : StructuredFields.writeList(members);
  }

  private static String dictionary(String... lines) {
    Map<String, Member> members = StructuredFields.parseDictionary(List.of(lines));
    return members == null ? null : StructuredFields.writeDictionary(members);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("0", new Int(0), "0"),
        Arguments.of("-0", new Int(0), "0"),
        Arguments.of("007", new Int(7), "7"),
        Arguments.of("-42", new Int(-42), "-42"),
        Arguments.of("999999999999999", new Int(999_999_999_999_999L), "999999999999999"),
        Arguments.of("-999999999999999", new Int(-999_999_999_999_999L), "-999999999999999"),
        Arguments.of("1.5", new Decimal(1500), "1.5"),
        Arguments.of("1.50", new Decimal(1500), "1.5"),
        Arguments.of("1.0", new Decimal(1000), "1.0"),
        Arguments.of("-0.001", new Decimal(-1), "-0.001"),
        Arguments.of("0.010", new Decimal(10), "0.01"),
        Arguments.of("0.120", new Decimal(120), "0.12"),
        Arguments.of("-0.0", new Decimal(0), "0.0"),
        Arguments.of("999999999999.999", new Decimal(999_999_999_999_999L), "999999999999.999"),
        Arguments.of("\"\"", new Text(""), "\"\""),
        Arguments.of("\"a ~!\"", new Text("a ~!"), "\"a ~!\""),
        Arguments.of("\"a\\\"b\\\\c\"", new Text("a\"b\\c"), "\"a\\\"b\\\\c\""),
        Arguments.of("a", new Token("a"), "a"),
        Arguments.of("*", new Token("*"), "*"),
        Arguments.of("Z/9:#", new Token("Z/9:#"), "Z/9:#"),
        Arguments.of("::", new Bytes(""), "::"),
        Arguments.of(":aGk=:", new Bytes("hi"), ":aGk=:"),
        Arguments.of(":aGk:", new Bytes("hi"), ":aGk=:"),
        Arguments.of(":aA==:", new Bytes("h"), ":aA==:"),
        Arguments.of(":aA:", new Bytes("h"), ":aA==:"),
        Arguments.of(":aB==:", new Bytes("h"), ":aA==:"),
        Arguments.of(":+/+/:", new Bytes("\u00fb\u00ff\u00bf"), ":+/+/:"),
        Arguments.of("?1", new Bool(true), "?1"),
        Arguments.of("?0", new Bool(false), "?0"),
        Arguments.of("@0", new Date(0), "@0"),
        Arguments.of("@-62135596800", new Date(-62_135_596_800L), "@-62135596800"),
        Arguments.of("@1659578233", new Date(1_659_578_233L), "@1659578233"),
        Arguments.of("%\"\"", new DisplayText(""), "%\"\""),
        Arguments.of("%\"a\\b ~\"", new DisplayText("a\\b ~"), "%\"a\\b ~\""),
        Arguments.of("%\"f%c3%bc%22%25\"", new DisplayText("f\u00fc\"%"), "%\"f%c3%bc%22%25\""),
        Arguments.of("%\"%00%1f%7f%41\"", new DisplayText("\0\u001f\u007fA"), "%\"%00%1f%7fA\""),
        Arguments.of("%\"%ef%bf%bd\"", new DisplayText("\ufffd"), "%\"%ef%bf%bd\""),
        Arguments.of("%\"%f0%9f%98%80\"", new DisplayText("\ud83d\ude00"), "%\"%f0%9f%98%80\""));
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyTypeIsReadAndWritten(String text, Bare value, String canonical) {
    assertEquals(Item.of(value), item(text));
    assertEquals(canonical, value.text());
    assertEquals(Item.of(value), item("  " + text + "  "));
    assertEquals(List.of(Item.of(value)), StructuredFields.parseList(List.of(text)));
    assertEquals(
        Map.of("k", Item.of(value)), StructuredFields.parseDictionary(List.of("k=" + text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "--1",
        "+1",
        "- 1",
        "1000000000000000",
        "-1000000000000000",
        "1.",
        ".1",
        "1..1",
        "1.1.1",
        "1.1234",
        "1234567890123.1",
        "1e3",
        "0x1",
        "1 2",
        "1,",
        "1, 2",
        "1\t",
        "\t1",
        "\"",
        "\"a",
        "\"a\\\"",
        "\"a\\n\"",
        "\"\t\"",
        "\"\u007f\"",
        "\"\u00fc\"",
        "'a'",
        "a b",
        "a@",
        "a\u00fc",
        "&",
        "_a",
        "\u00fc",
        "(a)",
        "()",
        ":",
        ":a",
        ":aGk=",
        ":a:",
        ":aGVsb:",
        ":aGk==:",
        ":aGk===:",
        ":aA=:",
        ":a=Gk:",
        ":=:",
        ":====:",
        ":aG k:",
        ":aG-_:",
        "?",
        "?2",
        "?t",
        "?11",
        "@",
        "@1.5",
        "@a",
        "@ 1",
        "@--1",
        "@1000000000000000",
        "%",
        "%a",
        "%\"",
        "%\"a",
        "%\"%\"",
        "%\"%2\"",
        "%\"%2",
        "%\"%C3%BC\"",
        "%\"%c3%BC\"",
        "%\"%c3\"",
        "%\"%fc\"",
        "%\"%ed%a0%80\"",
        "%\"%c0%80\"",
        "%\"\u00fc\"",
        "%\"\t\"",
        "%\"\u007f\"",
        "%\"%4g\"",
        "%\"%g4\"",
        "a;",
        "a; ",
        "a;=1",
        "a;A=1",
        "a;b=",
        "a;1=2",
        "a ;b",
        "a;b =1",
        "a;b= 1",
        "a;b=(1)",
        "a;\tb"
      })
  void whatBreaksARuleIsNoItem(String text) {
    assertNull(item(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "a;b|a;b",
        "a;b=?1|a;b",
        "a;b=?0|a;b=?0",
        "a; b=1;   c=\"x\"|a;b=1;c=\"x\"",
        "a;b=1;c;b=2|a;b=2;c",
        "a;*=1;a_-.*9=2|a;*=1;a_-.*9=2"
      })
  void itemsHaveParameters(String text, String canonical) {
    assertEquals(canonical, item(text).text());
  }

  @Test
  void parametersKeepTheirOrder() {
    Item item = item("x;c=1;a;b=t");
    assertEquals(List.of("c", "a", "b"), List.copyOf(item.parameters().keySet()));
    assertEquals(new Int(1), item.parameters().get("c"));
    assertEquals(Bool.TRUE, item.parameters().get("a"));
    assertEquals(new Token("t"), item.parameters().get("b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "''|''",
        "'  '|''",
        "1|1",
        "1,2|1, 2",
        "'1 \t,\t 2'|1, 2",
        "'1 \t'|1",
        "a;b , \"c,d\";e|a;b, \"c,d\";e",
        "()|()",
        "(  )|()",
        "( a  b )|(a b)",
        "(a;x (1)|",
        "(a;x 1.0);y=2, b|(a;x 1.0);y=2, b",
        "(a b|",
        "(a|",
        "(|",
        "(a,b)|",
        "(a\tb)|",
        "(a)b|",
        "((a))|",
        "(a;)|",
        "(a);|",
        "(\"a\"\"b\")|",
        ",|",
        ",1|",
        "1,|",
        "1,,2|",
        "1;|",
        "1 2|",
        "'\t1'|",
        "1, &|"
      })
  void listsHaveMembersBetweenCommas(String text, String canonical) {
    assertEquals(canonical, list(text));
  }

  @Test
  void theLinesOfAFieldAreOneValue() {
    assertEquals("a, b, c", list("a, b", "c"));
    assertEquals("a=1, b=2", dictionary("a=1", "b=2"));
    assertEquals("", list());
    assertEquals("", dictionary());
    assertNull(list("a", ""));
    assertNull(StructuredFields.parseItem(List.of("a", "b")));
    assertNull(StructuredFields.parseItem(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "''|''",
        "'  '|''",
        "a|a",
        "a=?1|a",
        "a=?1;x|a;x",
        "a;x=1|a;x=1",
        "a=?0|a=?0",
        "'a=1 ,\tb=(1 2);y,c'|a=1, b=(1 2);y, c",
        "a=1,b=2,a=3|a=3, b=2",
        "*a_-.9=1|*a_-.9=1",
        "max-age=10000, &&&&&|",
        "max-age =1|",
        "max-age= 1|",
        "Max-Age=1|",
        "1=1|",
        "=1|",
        "a=|",
        "a=1,|",
        "a=1,,b|",
        "a=1 b=2|",
        "a;|",
        "-a=1|",
        ",a|"
      })
  void dictionariesHaveKeys(String text, String canonical) {
    assertEquals(canonical, dictionary(text));
  }

  @Test
  void membersAreValues() {
    InnerList inner = new InnerList(List.of(item("1"), item("b;c")), Map.of("d", new Text("e")));
    assertEquals(
        List.of(inner, item("f")), StructuredFields.parseList(List.of("(1 b;c);d=\"e\", f")));
    assertEquals(
        Map.of("a", inner), StructuredFields.parseDictionary(List.of("a=(1 b;c);d=\"e\"")));
  }

  @Test
  void itemsAreBuiltParameterByParameter() {
    Item item = Item.of(new Token("a")).with("b", Bool.TRUE).with("c", new Int(1));
    assertEquals("a;b;c=1", item.text());
    assertEquals("a;b=2;c=1", item.with("b", new Int(2)).text());
    assertEquals("a;b;c=1", item.text());
  }

  @SuppressWarnings("unused")
  private static final List<Runnable> UNWRITABLE =
      List.of(
          () -> new Int(1_000_000_000_000_000L),
          () -> new Int(-1_000_000_000_000_000L),
          () -> new Int(Long.MIN_VALUE),
          () -> new Decimal(1_000_000_000_000_000L),
          () -> new Decimal(Long.MIN_VALUE),
          () -> new Date(-1_000_000_000_000_000L),
          () -> new Date(Long.MIN_VALUE),
          () -> new Text("\t"),
          () -> new Text("\u007f"),
          () -> new Token(""),
          () -> new Token("1"),
          () -> new Token("a b"),
          () -> new Bytes("\u0100"),
          () -> new DisplayText("\ud83d"),
          () -> Item.of(Bool.TRUE).with("A", Bool.TRUE),
          () -> Item.of(Bool.TRUE).with("", Bool.TRUE),
          () -> new InnerList(List.of(), Map.of("a b", Bool.TRUE)),
          () -> StructuredFields.writeDictionary(Map.of("1", Item.of(Bool.TRUE))));

  @ParameterizedTest
  @FieldSource("UNWRITABLE")
  void whatNoFieldCanHoldIsRefused(Runnable builder) {
    assertThrows(IllegalArgumentException.class, builder::run);
  }

  @Test
  void whatIsReadIsWrittenAndReadAgain() {
    List<String> seeds =
        List.of(
            "a=1, b=(\"x\\\\\" :aGk=: %\"%c3%bc\");p=@12;q, c;d=?0",
            "\"a\";b=1.25, tok/en:*;c, (1 2 );d=-7", "max-age=600, stale-if-error=60;x=*y");
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      String text = mutation(seeds.get(random.nextInt(seeds.size())), random);
      String list = list(text);
      String dictionary = dictionary(text);
      Item item = item(text);
      if (list != null) {
        read++;
        assertEquals(list, list(list), text);
      }
      if (dictionary != null) {
        assertEquals(dictionary, dictionary(dictionary), text);
      }
      if (item != null) {
        assertEquals(item, item(item.text()), text);
        assertNotNull(list, text);
      }
    }
    assertTrue(read > 3000, read + " lists");
  }

  private static String mutation(String seed, Random random) {
    StringBuilder text = new StringBuilder(seed);
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(text.length());
      String piece = "azA09*;,=()\"\\:?@%.- \t\u00fc".charAt(random.nextInt(22)) + "";
      switch (random.nextInt(4)) {
        case 0 -> text.replace(at, at + 1, piece);
        case 1 -> text.insert(at, piece);
        case 2 -> text.setLength(Math.max(1, at));
        default -> text.deleteCharAt(text.length() > 1 ? at : 0).append('a');
      }
    }
    return text.toString();
  }
}
