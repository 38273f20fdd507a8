package io.tidegate.core.header;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * What an intermediary finds out about a request before it believes it (RFC 9112 §3.2, RFC 9110
 * §7.2, §7.6.2).
 */
public final class RequestRules {
  private static final Authority NO_AUTHORITY = new Authority("", -1);

  private RequestRules() {}

  /**
   * The authority of the target URI: the one in the target, whatever Host says (RFC 9112 §3.2.2),
   * else that of Host.
   *
   * @throws BadMessageException if Host is missing from an HTTP/1.1 request, repeated or invalid
   */
  public static Authority authority(RequestHead head, RequestTarget target)
      throws BadMessageException {
    Fields fields = head.fields();
    int index = fields.indexOf(FieldName.HOST, 0);
    if (index < 0 && head.version().atLeast11()) {
      throw BadMessageException.syntax("Host is missing");
    }
    if (index >= 0 && fields.indexOf(FieldName.HOST, index + 1) >= 0) {
      throw BadMessageException.syntax("more than one Host");
    }
    Authority host = index < 0 ? NO_AUTHORITY : Authority.parse(fields.value(index));
    if (target instanceof RequestTarget.AbsoluteForm absolute) {
      return absolute.authority();
    }
    return target instanceof RequestTarget.AuthorityForm form ? form.authority() : host;
  }

  /**
   * The framing of the request's content.
   *
   * @throws BadMessageException if there is content where the method has none
   */
  public static Framing checked(RequestHead head, Framing framing) throws BadMessageException {
    if (head.isConnect() && !framing.isEmpty()) {
      throw BadMessageException.framing("CONNECT with content");
    }
    return framing;
  }

  /**
   * How many more intermediaries a TRACE or OPTIONS request may pass, or -1 if it does not say (RFC
   * 9110 §7.6.2).
   *
   * @throws BadMessageException if it is not a number
   */
  public static int maxForwards(RequestHead head) throws BadMessageException {
    boolean limited = head.method().equals("TRACE") || head.method().equals("OPTIONS");
    String value = limited ? head.fields().first(FieldName.MAX_FORWARDS) : null;
    if (value == null) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < value.length(); i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw BadMessageException.syntax("Max-Forwards is not a number");
      }
      number = Math.min(number * 10 + digit, 1_000_000);
    }
    return value.isEmpty() ? -1 : number;
  }

  /**
   * The protocol the client asks to upgrade to (RFC 9110 §7.8), or null. Only WebSocket is asked
   * for on a client's behalf, and only with a request that has no content: octets of one protocol
   * must not be taken for the other.
   */
  public static @Nullable String upgrade(RequestHead head, Framing framing) {
    Fields fields = head.fields();
    int index = fields.indexOf(FieldName.UPGRADE, 0);
    boolean asked =
        index >= 0
            && head.version().atLeast11()
            && framing.isEmpty()
            && head.method().equals("GET")
            && fields.valueIs(index, "websocket")
            && fields.hasMember(FieldName.CONNECTION, "upgrade");
    return asked ? "websocket" : null;
  }

  /** Whether the client waits for a 100 response before it sends content (RFC 9110 §10.1.1). */
  public static boolean expectsContinue(RequestHead head, Framing framing) {
    int index = head.fields().indexOf(FieldName.EXPECT, 0);
    return index >= 0
        && head.fields().valueIs(index, "100-continue")
        && head.version().atLeast11()
        && !framing.isEmpty();
  }
}
