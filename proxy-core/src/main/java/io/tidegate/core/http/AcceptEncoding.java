package io.tidegate.core.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which content codings a client takes, and which it likes better (RFC 9110 §12.5.3). Immutable.
 *
 * <p>A client that says nothing is taken for one that takes no coding: RFC 9110 lets a server
 * choose any then, but programs that say nothing seldom decode. A member whose weight is malformed
 * is ignored; of several about the same coding, the first one counts.
 */
public final class AcceptEncoding {
  /** No coding at all. */
  public static final String IDENTITY = "identity";

  /** The weight of the best. */
  private static final int MOST = 1000;

  /** What is accepted without being named: anything that is named is better. */
  private static final int UNNAMED = 1;

  private static final String ANY = "*";

  /** The codings of the web, in the order in which browsers name them. */
  private static final List<String> COMMON = List.of("gzip", "deflate", "br", "zstd");

  private static final AcceptEncoding ABSENT = new AcceptEncoding(List.of());

  private record Member(String coding, int weight) {}

  private final List<Member> members;

  private AcceptEncoding(List<Member> members) {
    this.members = members;
  }

  /** What a request with these fields says. */
  public static AcceptEncoding of(Fields request) {
    if (!request.contains(FieldName.ACCEPT_ENCODING)) {
      return ABSENT;
    }
    List<Member> members = new ArrayList<>(4);
    for (String text : request.tokens(FieldName.ACCEPT_ENCODING)) {
      int semicolon = text.indexOf(';');
      int weight = semicolon < 0 ? MOST : thousandths(text.substring(semicolon + 1).strip());
      if (weight >= 0) {
        members.add(
            new Member(coding(semicolon < 0 ? text : text.substring(0, semicolon)), weight));
      }
    }
    return new AcceptEncoding(members);
  }

  /** The name in lower case, and without the x- of olden times (RFC 9110 §8.4.1). */
  private static String coding(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    return lower.equals("x-gzip") || lower.equals("x-compress") ? lower.substring(2) : lower;
  }

  /** The thousandths of {@code q=0.5} (RFC 9110 §12.4.2), or -1 if it is malformed. */
  private static int thousandths(String parameter) {
    if (parameter.length() < 3
        || parameter.length() > 7
        || Ascii.lower(parameter.charAt(0)) != 'q'
        || parameter.charAt(1) != '='
        || (parameter.length() > 3 && parameter.charAt(3) != '.')) {
      return -1;
    }
    int weight = 0;
    for (int i = 0; i < 4; i++) {
      int at = i == 0 ? 2 : 3 + i;
      int digit = at < parameter.length() ? parameter.charAt(at) - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      weight = weight * 10 + digit;
    }
    return weight <= MOST ? weight : -1;
  }

  /**
   * How much the client likes a coding, {@link #IDENTITY} included: from 1 to 1,000, or 0 if it
   * does not take it.
   *
   * @param coding its name in lower case
   */
  public int weight(String coding) {
    int any = -1;
    for (Member member : members) {
      if (member.coding.equals(coding)) {
        return member.weight;
      }
      any = any < 0 && member.coding.equals(ANY) ? member.weight : any;
    }
    return any >= 0 ? any : coding.equals(IDENTITY) ? UNNAMED : 0;
  }

  /** Whether the client takes a coding and does not rather have none. */
  public boolean prefers(String coding) {
    int weight = weight(coding);
    return weight > 0 && weight >= weight(IDENTITY);
  }

  /**
   * The one spelling of all that say the same about the common codings: which of them are preferred
   * to none, in what order. What a client says about others is left out.
   */
  public String canonical() {
    int[] weights = COMMON.stream().mapToInt(c -> prefers(c) ? weight(c) : 0).toArray();
    int[] ranks = Arrays.stream(weights).filter(w -> w > 0).distinct().sorted().toArray();
    StringBuilder text = new StringBuilder(32);
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        int below = ranks.length - 1 - Arrays.binarySearch(ranks, weights[i]);
        append(text, below == 0 ? COMMON.get(i) : COMMON.get(i) + ";q=0." + (10 - below));
      }
    }
    if (weight(IDENTITY) == 0) {
      append(text, IDENTITY + ";q=0");
    }
    return text.isEmpty() ? IDENTITY : text.toString();
  }

  private static void append(StringBuilder text, String member) {
    text.append(text.isEmpty() ? "" : ", ").append(member);
  }
}
