package io.tidegate.core.h2;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.Fields;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.RequestHeadReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field section on its way in: each field is checked as it is decoded (RFC 9113 §8.2, §8.3), and
 * what remains becomes a head. The first fault counts; the rest of the block is decoded for its
 * effect on the table only.
 *
 * <p>Sizes are counted as an HTTP/1.1 message would have them, so that a head is too large in both
 * or in neither. The lines of Cookie count as the one that they become.
 */
final class FieldSection implements HpackDecoder.Sink {
  /** What kind of section it is. */
  enum Kind {
    REQUEST,
    RESPONSE,
    TRAILERS,
    /** Of a stream that is gone. */
    IGNORED
  }

  private static final byte[] NO_OCTETS = {};
  private static final int MAX_METHOD = 32;
  private static final String[] USUAL = {"GET", "https", "/", "POST", "http", "HEAD", "200"};
  private static final byte[] COOKIE = Ascii.octets("cookie");

  private final HeadLimits limits;
  private final Fields.Rows rows = new Fields.Rows();
  private boolean extendedConnect;
  private Kind kind = Kind.IGNORED;
  private @Nullable BadMessageException fault;
  private @Nullable String method;
  private @Nullable String scheme;
  private @Nullable String authority;
  private @Nullable String path;
  private @Nullable String protocol;
  private @Nullable String host;

  /** That of the last request that had a good one: clients seldom name another. */
  private @Nullable String lastAuthority;

  private int status;
  private boolean regular;
  private long size;
  private int lines;
  private byte[] cookie = NO_OCTETS;
  private int cookieLength;
  private boolean cookies;

  /** Sections within {@code limits}. */
  FieldSection(HeadLimits limits) {
    this.limits = limits;
  }

  /** An extended CONNECT (RFC 8441) is well-formed from now on. */
  void takeExtendedConnect() {
    extendedConnect = true;
  }

  /** Starts anew. */
  void start(Kind next) {
    kind = next;
    rows.clear();
    fault = null;
    method = null;
    scheme = null;
    authority = null;
    path = null;
    protocol = null;
    host = null;
    status = 0;
    regular = false;
    size = 2;
    lines = 0;
    cookie = NO_OCTETS;
    cookieLength = 0;
    cookies = false;
  }

  @Override
  public boolean wants() {
    return fault == null && kind != Kind.IGNORED;
  }

  @Override
  public boolean field(byte[] octets, int name, int nameEnd, int value, int valueEnd) {
    try {
      checkValue(octets, value, valueEnd);
      if (name < nameEnd && octets[name] == ':') {
        pseudo(octets, name, nameEnd, value, valueEnd);
        return false;
      }
      regular = true;
      int hash = checkName(octets, name, nameEnd);
      if (!special(octets, name, nameEnd, value, valueEnd)) {
        return false;
      }
      count(nameEnd - name + valueEnd - value + 4, 1);
      rows.add(name, nameEnd, value, valueEnd, hash);
      return true;
    } catch (BadMessageException e) {
      fault = e;
      return false;
    }
  }

  /** The method, if the section has one and it was looked at before a fault. */
  @Nullable String method() {
    return method;
  }

  /**
   * The head of a message, whose octets {@code decoder} has kept.
   *
   * @throws BadMessageException if it is malformed (RFC 9113 §8.1.1) or over its limits
   */
  Http2Head head(HpackDecoder decoder) throws BadMessageException {
    if (fault != null) {
      throw fault;
    }
    if (kind == Kind.REQUEST) {
      checkRequest();
    } else if (status == 0) {
      throw BadMessageException.syntax("no :status");
    }
    return new Http2Head(method, scheme, authority, path, protocol, status, fields(decoder));
  }

  /**
   * The fields of a trailer section.
   *
   * @throws BadMessageException as {@link #head} does
   */
  Fields trailers(HpackDecoder decoder) throws BadMessageException {
    if (fault != null) {
      throw fault;
    }
    return fields(decoder);
  }

  private Fields fields(HpackDecoder decoder) {
    if (!cookies) {
      return rows.size() == 0 ? Fields.empty() : rows.over(decoder.octets());
    }
    int name = decoder.length();
    int value = name + COOKIE.length;
    byte[] octets = Arrays.copyOf(decoder.octets(), value + cookieLength);
    System.arraycopy(COOKIE, 0, octets, name, COOKIE.length);
    System.arraycopy(cookie, 0, octets, value, cookieLength);
    rows.add(name, value, value, octets.length, hash(COOKIE));
    return rows.over(octets);
  }

  private static int hash(byte[] name) {
    int hash = 0;
    for (byte octet : name) {
      hash = 31 * hash + (octet | 0x20);
    }
    return hash;
  }

  private static void checkValue(byte[] octets, int from, int to) throws BadMessageException {
    for (int i = from; i < to; i++) {
      if (!Ascii.isFieldValue(octets[i] & 0xff)) {
        throw BadMessageException.syntax("control octet in a field value");
      }
    }
    if (from < to && (isSpace(octets[from]) || isSpace(octets[to - 1]))) {
      throw BadMessageException.syntax("white space around a field value");
    }
  }

  private static boolean isSpace(int octet) {
    return octet == ' ' || octet == '\t';
  }

  private static int checkName(byte[] octets, int from, int to) throws BadMessageException {
    if (from == to) {
      throw BadMessageException.syntax("empty field name");
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      int octet = octets[i] & 0xff;
      if (!Ascii.isToken(octet) || Ascii.lower(octet) != octet) {
        throw BadMessageException.syntax("invalid octet in a field name");
      }
      hash = 31 * hash + (octet | 0x20);
    }
    return hash;
  }

  /** Looks at fields that mean something here; whether it goes on as a line of its own. */
  private boolean special(byte[] octets, int name, int nameEnd, int value, int valueEnd)
      throws BadMessageException {
    switch (nameEnd - name) {
      case 2 -> checkTe(octets, name, value, valueEnd);
      case 4 -> takeHost(octets, name, value, valueEnd);
      case 6 -> {
        if (kind == Kind.REQUEST && is(octets, name, "cookie")) {
          addCookie(octets, value, valueEnd);
          return false;
        }
      }
      case 7 -> refuse(octets, name, "upgrade");
      case 10 -> {
        refuse(octets, name, "connection");
        refuse(octets, name, "keep-alive");
      }
      case 16 -> refuse(octets, name, "proxy-connection");
      case 17 -> refuse(octets, name, "transfer-encoding");
      default -> {}
    }
    return true;
  }

  private static void refuse(byte[] octets, int name, String connectionSpecific)
      throws BadMessageException {
    if (is(octets, name, connectionSpecific)) {
      throw BadMessageException.syntax("connection-specific field");
    }
  }

  private static void checkTe(byte[] octets, int name, int value, int valueEnd)
      throws BadMessageException {
    if (is(octets, name, "te") && !text(octets, value, valueEnd).equalsIgnoreCase("trailers")) {
      throw BadMessageException.syntax("TE other than trailers");
    }
  }

  private void takeHost(byte[] octets, int name, int value, int valueEnd)
      throws BadMessageException {
    if (kind == Kind.REQUEST && is(octets, name, "host")) {
      if (host != null) {
        throw BadMessageException.syntax("more than one Host");
      }
      host = text(octets, value, valueEnd);
    }
  }

  /** Lines of Cookie may have been split for HPACK (RFC 9113 §8.2.3). */
  private void addCookie(byte[] octets, int value, int valueEnd) throws BadMessageException {
    int length = valueEnd - value;
    if (cookies) {
      count(length + 2, 0);
    } else {
      count(COOKIE.length + length + 4, 1);
    }
    int needed = cookieLength + length + 2;
    if (needed > cookie.length) {
      cookie = Arrays.copyOf(cookie, Math.max(2 * cookie.length, needed));
    }
    if (cookies) {
      cookie[cookieLength++] = ';';
      cookie[cookieLength++] = ' ';
    }
    System.arraycopy(octets, value, cookie, cookieLength, length);
    cookieLength += length;
    cookies = true;
  }

  private void count(int octets, int line) throws BadMessageException {
    size += octets;
    lines += line;
    if (size > limits.maxBytes()) {
      throw kind == Kind.TRAILERS
          ? new BadMessageException(Fault.TRAILERS_TOO_LARGE, "trailers too large")
          : new BadMessageException(Fault.HEAD_TOO_LARGE, "head too large");
    }
    if (lines > limits.maxFields()) {
      throw new BadMessageException(Fault.TOO_MANY_FIELDS, "too many fields");
    }
  }

  // Pseudo-header fields

  private void pseudo(byte[] octets, int name, int nameEnd, int value, int valueEnd)
      throws BadMessageException {
    if (regular || kind == Kind.TRAILERS) {
      throw BadMessageException.syntax("pseudo-header field out of place");
    }
    String text = known(octets, value, valueEnd);
    switch (kind == Kind.RESPONSE ? responseName(octets, name, nameEnd) : nameEnd - name) {
      case 5 -> path = once(path, octets, name, ":path", text);
      case 7 -> {
        if (kind == Kind.RESPONSE) {
          takeStatus(octets, name, text);
        } else if (is(octets, name, ":scheme")) {
          scheme = once(scheme, octets, name, ":scheme", text);
        } else {
          method = once(method, octets, name, ":method", text);
        }
      }
      case 9 -> protocol = once(protocol, octets, name, ":protocol", text);
      case 10 -> authority = once(authority, octets, name, ":authority", text);
      default -> throw unknown();
    }
  }

  /** A response has but one, of seven octets. */
  private static int responseName(byte[] octets, int name, int nameEnd) {
    return nameEnd - name == 7 && is(octets, name, ":status") ? 7 : 0;
  }

  private static BadMessageException unknown() {
    return BadMessageException.syntax("unknown pseudo-header field");
  }

  private static String once(
      @Nullable String before, byte[] octets, int name, String expected, String text)
      throws BadMessageException {
    if (!is(octets, name, expected)) {
      throw unknown();
    }
    if (before != null) {
      throw BadMessageException.syntax("repeated pseudo-header field");
    }
    return text;
  }

  private void takeStatus(byte[] octets, int name, String text) throws BadMessageException {
    once(status == 0 ? null : "", octets, name, ":status", text);
    for (int i = 0; i < text.length(); i++) {
      int digit = Ascii.isDigit(text.charAt(i)) ? text.charAt(i) - '0' : -1000;
      status = status * 10 + digit;
    }
    if (text.length() != 3 || status < 100) {
      throw BadMessageException.syntax("invalid :status");
    }
    if (status == 101) {
      throw BadMessageException.syntax("101 is not for HTTP/2");
    }
  }

  private void checkRequest() throws BadMessageException {
    String verb = method;
    if (verb == null || !Ascii.isToken(verb) || verb.length() > MAX_METHOD) {
      throw BadMessageException.syntax("no valid :method");
    }
    checkHost();
    if (protocol != null) {
      checkExtendedConnect(verb, protocol);
    } else if (verb.equals("CONNECT")) {
      checkConnect();
      return;
    }
    checkScheme();
    checkPath(verb);
    if (authority == null && host == null) {
      throw BadMessageException.syntax("neither :authority nor Host");
    }
  }

  private void checkExtendedConnect(String verb, String wanted) throws BadMessageException {
    if (!extendedConnect || !verb.equals("CONNECT") || authority == null) {
      throw BadMessageException.syntax("unexpected :protocol");
    }
    if (!Ascii.isToken(wanted)) {
      throw BadMessageException.syntax("invalid :protocol");
    }
  }

  private void checkConnect() throws BadMessageException {
    if (scheme != null || path != null || authority == null) {
      throw BadMessageException.syntax("CONNECT is for an :authority alone");
    }
    Authority target = Authority.parse(authority);
    if (target.port() <= 0 || target.host().isEmpty()) {
      throw BadMessageException.syntax("CONNECT target without host or port");
    }
    count(authority.length(), 0);
  }

  private void checkHost() throws BadMessageException {
    if (host == null) {
      checkAuthority();
      count(authority == null ? 0 : authority.length() + 8, 1);
      return;
    }
    Authority named = Authority.parse(host);
    String usual = scheme == null ? "https" : scheme;
    if (authority != null && !same(Authority.parse(authority), named, usual)) {
      throw BadMessageException.syntax("Host and :authority differ");
    }
    checkAuthority();
  }

  private void checkAuthority() throws BadMessageException {
    String text = authority;
    if (text == null || text.equals(lastAuthority)) {
      return;
    }
    if (Authority.parse(text).host().isEmpty()) {
      throw BadMessageException.syntax("empty :authority");
    }
    lastAuthority = text;
  }

  private static boolean same(Authority one, Authority other, String scheme) {
    return one.withoutDefaultPort(scheme).equals(other.withoutDefaultPort(scheme));
  }

  private void checkScheme() throws BadMessageException {
    String text = scheme;
    if (text == null || text.isEmpty()) {
      throw BadMessageException.syntax("no :scheme");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean other = Ascii.isDigit(c) || c == '+' || c == '-' || c == '.';
      if (!Ascii.isLetter(c) && (i == 0 || !other)) {
        throw BadMessageException.syntax("invalid :scheme");
      }
    }
    scheme = text.toLowerCase(Locale.ROOT);
  }

  private void checkPath(String verb) throws BadMessageException {
    String text = path;
    if (text == null || text.isEmpty()) {
      throw BadMessageException.syntax("no :path");
    }
    int startLine = verb.length() + text.length() + 12;
    if (startLine > limits.maxStartLine()) {
      throw new BadMessageException(Fault.TARGET_TOO_LONG, "start line too long");
    }
    count(startLine, 0);
    if (text.charAt(0) != '/' && !(text.equals("*") && verb.equals("OPTIONS"))) {
      throw BadMessageException.syntax(":path in no known form");
    }
    path = checkTarget(text);
  }

  private static String checkTarget(String text) throws BadMessageException {
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii &= c < 0x80;
      if (c < 0x80 && !Ascii.isTarget(c)) {
        throw BadMessageException.syntax("invalid octet in :path");
      }
    }
    return ascii ? text : RequestHeadReader.escape(text);
  }

  /** As text, without another copy of what nearly every request says. */
  private String known(byte[] octets, int from, int to) {
    for (String usual : USUAL) {
      if (usual.length() == to - from && is(octets, from, usual)) {
        return usual;
      }
    }
    String last = lastAuthority;
    if (last != null && last.length() == to - from && is(octets, from, last)) {
      return last;
    }
    return text(octets, from, to);
  }

  private static boolean is(byte[] octets, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (octets[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] octets, int from, int to) {
    return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
