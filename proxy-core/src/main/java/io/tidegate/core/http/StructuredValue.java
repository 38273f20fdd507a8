package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What structured fields are made of (RFC 9651 §3). The constructors throw {@link
 * IllegalArgumentException} for what no field can hold, so every value can be written.
 */
public sealed interface StructuredValue {
  /** The largest integer, and the largest whole part of a date (RFC 9651 §3.3.1). */
  long MAX_INTEGER = 999_999_999_999_999L;

  /** The value as it stands in a field, in its one canonical form (RFC 9651 §4.1). */
  String text();

  /** A member of a list or dictionary. */
  sealed interface Member extends StructuredValue {
    /** The parameters, in order (RFC 9651 §3.1.2). */
    Map<String, Bare> parameters();
  }

  /** A value without parameters. */
  sealed interface Bare extends StructuredValue {}

  /**
   * A value and its parameters (RFC 9651 §3.3).
   *
   * @param value the value
   * @param parameters the parameters, in order
   */
  record Item(Bare value, Map<String, Bare> parameters) implements Member {
    /** Copies the parameters. */
    public Item {
      parameters = copy(parameters);
    }

    /** An item without parameters. */
    public static Item of(Bare value) {
      return new Item(value, Map.of());
    }

    /** This item with one parameter more, or with a new value for one it has. */
    public Item with(String key, Bare parameter) {
      Map<String, Bare> more = new LinkedHashMap<>(parameters);
      more.put(key, parameter);
      return new Item(value, more);
    }

    @Override
    public String text() {
      return value.text() + text(parameters);
    }

    static String text(Map<String, Bare> parameters) {
      StringBuilder text = new StringBuilder();
      parameters.forEach(
          (key, value) -> {
            text.append(';').append(key);
            if (!value.equals(Bool.TRUE)) {
              text.append('=').append(value.text());
            }
          });
      return text.toString();
    }

    private static Map<String, Bare> copy(Map<String, Bare> parameters) {
      if (parameters.isEmpty()) {
        return Map.of();
      }
      parameters.keySet().forEach(StructuredFields::checkKey);
      return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  /**
   * A list within a list (RFC 9651 §3.1.1).
   *
   * @param items the items
   * @param parameters the parameters of the list itself, in order
   */
  record InnerList(List<Item> items, Map<String, Bare> parameters) implements Member {
    /** Copies both. */
    public InnerList {
      items = List.copyOf(items);
      parameters = Item.copy(parameters);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("(");
      for (Item item : items) {
        text.append(text.length() == 1 ? "" : " ").append(item.text());
      }
      return text.append(')').append(Item.text(parameters)).toString();
    }
  }

  /**
   * An integer (RFC 9651 §3.3.1).
   *
   * @param value at most 15 digits
   */
  record Int(long value) implements Bare {
    /** Checks the value. */
    public Int {
      check(Math.abs(value) <= MAX_INTEGER && value != Long.MIN_VALUE, "integer of 15 digits");
    }

    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /**
   * A decimal (RFC 9651 §3.3.2).
   *
   * @param thousandths the value times 1000, at most 15 digits
   */
  record Decimal(long thousandths) implements Bare {
    /** Checks the value. */
    public Decimal {
      check(
          Math.abs(thousandths) <= MAX_INTEGER && thousandths != Long.MIN_VALUE,
          "decimal of 12 digits and 3 of the fraction");
    }

    @Override
    public String text() {
      long magnitude = Math.abs(thousandths);
      String digits = String.valueOf(1000 + magnitude % 1000); // a 1, then the fraction
      int end = digits.length();
      while (end > 2 && digits.charAt(end - 1) == '0') {
        end--;
      }
      return (thousandths < 0 ? "-" : "") + magnitude / 1000 + "." + digits.substring(1, end);
    }
  }

  /**
   * A string (RFC 9651 §3.3.3).
   *
   * @param value printable ASCII
   */
  record Text(String value) implements Bare {
    /** Checks the value. */
    public Text {
      check(isPrintable(value), "string of printable ASCII");
    }

    /** Whether a string can hold this: printable ASCII. */
    public static boolean isPrintable(String value) {
      return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    @Override
    public String text() {
      return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /**
   * A token (RFC 9651 §3.3.4).
   *
   * @param value a letter or asterisk, then characters of tokens, colons and slashes
   */
  record Token(String value) implements Bare {
    /** Checks the value. */
    public Token {
      check(isToken(value), "token");
    }

    /** Whether it can be written as a token. */
    public static boolean isToken(String value) {
      return !value.isEmpty()
          && isStart(value.charAt(0))
          && value.chars().skip(1).allMatch(Token::isPart);
    }

    static boolean isStart(int c) {
      return Ascii.isLetter(c) || c == '*';
    }

    static boolean isPart(int c) {
      return Ascii.isToken(c) || c == ':' || c == '/';
    }

    @Override
    public String text() {
      return value;
    }
  }

  /**
   * A byte sequence (RFC 9651 §3.3.5).
   *
   * @param octets the octets, one a character, as everywhere in field values
   */
  record Bytes(String octets) implements Bare {
    /** Checks the value. */
    public Bytes {
      check(octets.chars().allMatch(c -> c <= 0xff), "octets");
    }

    @Override
    public String text() {
      return ":" + Base64.getEncoder().encodeToString(Ascii.octets(octets)) + ":";
    }
  }

  /**
   * A boolean (RFC 9651 §3.3.6).
   *
   * @param value the value
   */
  record Bool(boolean value) implements Bare {
    /** What a parameter or member of a dictionary is if nothing is said. */
    public static final Bool TRUE = new Bool(true);

    @Override
    public String text() {
      return value ? "?1" : "?0";
    }
  }

  /**
   * A date (RFC 9651 §3.3.7).
   *
   * @param seconds seconds since the epoch, at most 15 digits
   */
  record Date(long seconds) implements Bare {
    /** Checks the value. */
    public Date {
      check(Math.abs(seconds) <= MAX_INTEGER && seconds != Long.MIN_VALUE, "date of 15 digits");
    }

    @Override
    public String text() {
      return "@" + seconds;
    }
  }

  /**
   * A string of any characters (RFC 9651 §3.3.8).
   *
   * @param value Unicode, without unpaired surrogates
   */
  record DisplayText(String value) implements Bare {
    /** Checks the value. */
    public DisplayText {
      byte[] octets = value.getBytes(StandardCharsets.UTF_8);
      check(new String(octets, StandardCharsets.UTF_8).equals(value), "string of Unicode");
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("%\"");
      for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
        if (octet < 0x20 || octet == 0x7f || octet == '%' || octet == '"') {
          text.append('%').append(Character.forDigit((octet >> 4) & 0xf, 16));
          text.append(Character.forDigit(octet & 0xf, 16));
        } else {
          text.append((char) octet);
        }
      }
      return text.append('"').toString();
    }
  }

  private static void check(boolean valid, String expected) {
    if (!valid) {
      throw new IllegalArgumentException("structured field value: (expected: " + expected + ")");
    }
  }
}
