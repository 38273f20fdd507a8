package io.tidegate.core.http;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** One pass over one field (RFC 9651 §4.2). Every method gives null if the syntax is wrong. */
final class StructuredParser {
  private static final int MAX_INTEGER_DIGITS = 15;
  private static final int MAX_WHOLE_DIGITS = 12;
  private static final int MAX_FRACTION_DIGITS = 3;

  private final String text;
  private int at;

  StructuredParser(String text) {
    this.text = text;
  }

  @Nullable List<Member> list() {
    List<Member> members = new ArrayList<>();
    skip(c -> c == ' ');
    while (!ended()) {
      Member member = member();
      if (member == null || !atNextMember()) {
        return null;
      }
      members.add(member);
    }
    return members;
  }

  @Nullable Map<String, Member> dictionary() {
    Map<String, Member> members = new LinkedHashMap<>();
    skip(c -> c == ' ');
    while (!ended()) {
      String key = key();
      Member member = key == null ? null : entry();
      if (key == null || member == null || !atNextMember()) {
        return null;
      }
      members.put(key, member);
    }
    return members;
  }

  @Nullable Item onlyItem() {
    skip(c -> c == ' ');
    Item item = item();
    skip(c -> c == ' ');
    return ended() ? item : null;
  }

  /** Goes to the next member or the end; false if there is neither. */
  private boolean atNextMember() {
    skip(StructuredParser::isSpace);
    if (ended()) {
      return true;
    }
    boolean comma = accept(',');
    skip(StructuredParser::isSpace);
    return comma && !ended();
  }

  private @Nullable Member entry() {
    if (accept('=')) {
      return member();
    }
    Map<String, Bare> parameters = parameters();
    return parameters == null ? null : new Item(Bool.TRUE, parameters);
  }

  private @Nullable Member member() {
    return accept('(') ? innerList() : item();
  }

  private @Nullable InnerList innerList() {
    List<Item> items = new ArrayList<>();
    while (true) {
      skip(c -> c == ' ');
      if (accept(')')) {
        Map<String, Bare> parameters = parameters();
        return parameters == null ? null : new InnerList(items, parameters);
      }
      Item item = item();
      if (item == null || (peek() != ' ' && peek() != ')')) {
        return null;
      }
      items.add(item);
    }
  }

  private @Nullable Item item() {
    Bare value = bare();
    Map<String, Bare> parameters = value == null ? null : parameters();
    return value == null || parameters == null ? null : new Item(value, parameters);
  }

  private @Nullable Map<String, Bare> parameters() {
    if (peek() != ';') {
      return Map.of();
    }
    Map<String, Bare> parameters = new LinkedHashMap<>();
    while (accept(';')) {
      skip(c -> c == ' ');
      String key = key();
      Bare value = accept('=') ? bare() : Bool.TRUE;
      if (key == null || value == null) {
        return null;
      }
      parameters.put(key, value);
    }
    return parameters;
  }

  private @Nullable String key() {
    int start = at;
    if (!StructuredFields.isKeyStart(peek())) {
      return null;
    }
    skip(StructuredFields::isKeyPart);
    return text.substring(start, at);
  }

  private @Nullable Bare bare() {
    int c = peek();
    if (c == '-' || Ascii.isDigit(c)) {
      return number();
    }
    if (Token.isStart(c)) {
      int start = at;
      skip(Token::isPart);
      return new Token(text.substring(start, at));
    }
    at++;
    return switch (c) {
      case '"' -> string();
      case ':' -> bytes();
      case '?' -> bool();
      case '@' -> number() instanceof Int seconds ? new Date(seconds.value()) : null;
      case '%' -> accept('"') ? displayText() : null;
      default -> null;
    };
  }

  private @Nullable Bare number() {
    int sign = accept('-') ? -1 : 1;
    int start = at;
    skip(Ascii::isDigit);
    int digits = at - start;
    if (digits == 0 || digits > MAX_INTEGER_DIGITS) {
      return null;
    }
    long whole = Long.parseLong(text, start, at, 10);
    if (!accept('.')) {
      return new Int(sign * whole);
    }
    int fractionStart = at;
    skip(Ascii::isDigit);
    int fractionDigits = at - fractionStart;
    if (digits > MAX_WHOLE_DIGITS || fractionDigits == 0 || fractionDigits > MAX_FRACTION_DIGITS) {
      return null;
    }
    long thousandths = Long.parseLong(text, fractionStart, at, 10);
    for (int i = fractionDigits; i < MAX_FRACTION_DIGITS; i++) {
      thousandths *= 10;
    }
    return new Decimal(sign * (whole * 1000 + thousandths));
  }

  private @Nullable Text string() {
    StringBuilder value = new StringBuilder();
    while (!accept('"')) {
      boolean escaped = accept('\\');
      int c = peek();
      if (c < 0x20 || c >= 0x7f || (escaped && c != '"' && c != '\\')) {
        return null;
      }
      value.append((char) c);
      at++;
    }
    return new Text(value.toString());
  }

  private @Nullable Bytes bytes() {
    int start = at;
    skip(c -> Ascii.isLetter(c) || Ascii.isDigit(c) || c == '+' || c == '/');
    int letters = at - start;
    skip(c -> c == '=');
    int length = at - start;
    boolean padded = length > letters;
    if (padded ? length % 4 != 0 || length - letters > 2 : letters % 4 == 1) {
      return null;
    }
    byte[] octets = Base64.getDecoder().decode(text.substring(start, at));
    return accept(':') ? new Bytes(new String(octets, StandardCharsets.ISO_8859_1)) : null;
  }

  private @Nullable Bool bool() {
    return accept('1') ? Bool.TRUE : accept('0') ? new Bool(false) : null;
  }

  private @Nullable DisplayText displayText() {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    while (!accept('"')) {
      int octet = accept('%') ? escapedOctet() : peek();
      if (octet < 0 || peek() < 0x20 || peek() >= 0x7f) {
        return null;
      }
      octets.write(octet);
      at++;
    }
    byte[] utf8 = octets.toByteArray();
    String value = new String(utf8, StandardCharsets.UTF_8);
    // What is not UTF-8 has become a replacement character, and does not turn back.
    return Arrays.equals(value.getBytes(StandardCharsets.UTF_8), utf8)
        ? new DisplayText(value)
        : null;
  }

  /** The octet of two lower-case digits, the last of which is next, or -1. */
  private int escapedOctet() {
    int high = lowerCaseHex(peek());
    at++;
    int low = lowerCaseHex(peek());
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int lowerCaseHex(int c) {
    return c >= 'A' && c <= 'F' ? -1 : Ascii.hex(c);
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t';
  }

  private void skip(IntPredicate unwanted) {
    while (!ended() && unwanted.test(text.charAt(at))) {
      at++;
    }
  }

  private boolean accept(char c) {
    boolean there = peek() == c;
    at += there ? 1 : 0;
    return there;
  }

  /** The next character, or -1 at the end. */
  private int peek() {
    return ended() ? -1 : text.charAt(at);
  }

  private boolean ended() {
    return at >= text.length();
  }
}
