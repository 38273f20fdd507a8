package io.tidegate.core.http;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where a request belongs in a trace that leads through several servers: what traceparent and
 * tracestate say (W3C Trace Context).
 *
 * @param traceId the whole trace, 32 hexadecimal digits in lower case, not all of them 0
 * @param parentId the part of it that has sent the request, 16 of them, not all of them 0
 * @param sampled whether that may have recorded it
 * @param state what tracing systems have said besides, as received; empty for nothing
 */
public record TraceContext(String traceId, String parentId, boolean sampled, String state) {
  private static final int LENGTH = 55;
  private static final int VERSION_END = 2;
  private static final int TRACE_ID = 3;
  private static final int TRACE_ID_END = 35;
  private static final int PARENT_ID = 36;
  private static final int PARENT_ID_END = 52;
  private static final int FLAGS = 53;
  private static final int SAMPLED = 1;

  private static final int MOST_MEMBERS = 32;
  private static final int LONGEST_KEY = 256;
  private static final int LONGEST_TENANT = 241;
  private static final int LONGEST_SYSTEM = 14;
  private static final int LONGEST_VALUE = 256;

  /**
   * What {@code fields} say, or null if they have no traceparent, several, or one that is invalid.
   * A tracestate that is invalid counts for nothing (W3C Trace Context §3.3).
   */
  public static @Nullable TraceContext of(Fields fields) {
    int index = fields.indexOf(FieldName.TRACEPARENT, 0);
    if (index < 0 || fields.indexOf(FieldName.TRACEPARENT, index + 1) >= 0) {
      return null;
    }
    String parent = fields.value(index);
    if (!isTraceparent(parent)) {
      return null;
    }
    String state = String.join(",", fields.all(FieldName.TRACESTATE));
    return new TraceContext(
        parent.substring(TRACE_ID, TRACE_ID_END),
        parent.substring(PARENT_ID, PARENT_ID_END),
        (Ascii.hex(parent.charAt(FLAGS + 1)) & SAMPLED) != 0,
        isTracestate(state) ? state : "");
  }

  /** The beginning of a trace of our own. */
  public static TraceContext begin(RandomGenerator random, boolean sampled) {
    return new TraceContext(id(random) + id(random), id(random), sampled, "");
  }

  /** The next part of the same trace. */
  public TraceContext next(RandomGenerator random) {
    return new TraceContext(traceId, id(random), sampled, state);
  }

  /** The value of traceparent, in version 00. */
  public String traceparent() {
    return "00-" + traceId + "-" + parentId + (sampled ? "-01" : "-00");
  }

  /** 16 digits, not all of them 0. */
  private static String id(RandomGenerator random) {
    long id = random.nextLong();
    while (id == 0) {
      id = random.nextLong();
    }
    StringBuilder digits = new StringBuilder(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      digits.append(Character.forDigit((int) (id >>> shift) & 0xf, 16));
    }
    return digits.toString();
  }

  /** Versions to come may say more behind a hyphen (§4.3); ff is none (§3.2.2.1). */
  private static boolean isTraceparent(String value) {
    if (value.length() < LENGTH || !isHex(value, 0, VERSION_END) || value.startsWith("ff")) {
      return false;
    }
    boolean ends =
        value.length() == LENGTH || (!value.startsWith("00") && value.charAt(LENGTH) == '-');
    return ends
        && value.charAt(VERSION_END) == '-'
        && isId(value, TRACE_ID, TRACE_ID_END)
        && value.charAt(TRACE_ID_END) == '-'
        && isId(value, PARENT_ID, PARENT_ID_END)
        && value.charAt(PARENT_ID_END) == '-'
        && isHex(value, FLAGS, LENGTH);
  }

  private static boolean isId(String value, int from, int to) {
    boolean zero = true;
    for (int i = from; i < to; i++) {
      zero &= value.charAt(i) == '0';
    }
    return !zero && isHex(value, from, to);
  }

  private static boolean isHex(String value, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (!Ascii.isDigit(c) && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** A list of at most 32 members (§3.3.1.1); of a key that comes twice, recipients choose. */
  private static boolean isTracestate(String value) {
    int count = 0;
    for (String member : List.of(value.split(",", -1))) {
      String trimmed = member.strip();
      if (!trimmed.isEmpty() && (++count > MOST_MEMBERS || !isMember(trimmed))) {
        return false;
      }
    }
    return count > 0;
  }

  private static boolean isMember(String member) {
    int equals = member.indexOf('=');
    return equals > 0 && isKey(member.substring(0, equals)) && isValue(member, equals + 1);
  }

  private static boolean isKey(String key) {
    int at = key.indexOf('@');
    if (at < 0) {
      return key.length() <= LONGEST_KEY && isLetter(key.charAt(0)) && isKeyText(key);
    }
    String tenant = key.substring(0, at);
    String system = key.substring(at + 1);
    return !tenant.isEmpty()
        && tenant.length() <= LONGEST_TENANT
        && (isLetter(tenant.charAt(0)) || Ascii.isDigit(tenant.charAt(0)))
        && isKeyText(tenant)
        && !system.isEmpty()
        && system.length() <= LONGEST_SYSTEM
        && isLetter(system.charAt(0))
        && isKeyText(system);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isKeyText(String key) {
    return key.chars()
        .allMatch(c -> isLetter((char) c) || Ascii.isDigit(c) || "_-*/".indexOf(c) >= 0);
  }

  private static boolean isValue(String member, int from) {
    int length = member.length() - from;
    return length > 0
        && length <= LONGEST_VALUE
        && member.chars().skip(from).allMatch(c -> c >= ' ' && c <= '~' && c != '=');
  }
}
