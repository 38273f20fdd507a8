package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads what SOCKS clients say, from octets that arrive in pieces: version 5 (RFC 1928, RFC 1929),
 * 4 and 4a. It never takes an octet beyond the message that it returns.
 */
public final class SocksReader {
  private static final int NO_AUTHENTICATION = 0;
  private static final int PASSWORD = 2;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  /** Of the user and the name in version 4, which a zero octet ends. */
  private static final int MAX_TEXT = 255;

  private static final int VERSION_4_HEAD = 8;
  private static final int LONGEST = VERSION_4_HEAD + 2 * (MAX_TEXT + 1);

  private enum Part {
    GREETING,
    CREDENTIALS,
    REQUEST
  }

  private final byte[] octets = new byte[LONGEST];
  private int length;
  private Part part = Part.GREETING;
  private int version;

  /** Of the name in a request of version 4a, once the user has ended. */
  private int nameStart;

  /** Whether anything has come. */
  public boolean hasBegun() {
    return version != 0;
  }

  /** The version that the client speaks, 4 or 5; 0 as long as that is unknown. */
  public int version() {
    return version;
  }

  /** The next message has credentials: that was chosen. */
  public void expectCredentials() {
    part = Part.CREDENTIALS;
  }

  /** The next message is the request. */
  public void expectRequest() {
    part = Part.REQUEST;
  }

  /** Takes octets from {@code in}; a message once it is complete, else null. */
  public @Nullable SocksMessage read(ByteBuffer in) throws BadSocksException {
    while (in.hasRemaining()) {
      octets[length++] = in.get();
      SocksMessage message = message();
      if (message != null) {
        Arrays.fill(octets, 0, length, (byte) 0); // there may have been a password
        length = 0;
        return message;
      }
    }
    return null;
  }

  /** The message, once its last octet has come; what is wrong is told with the octet that is. */
  private @Nullable SocksMessage message() throws BadSocksException {
    return switch (part) {
      case CREDENTIALS -> credentials();
      case REQUEST -> request5();
      case GREETING -> {
        if (length == 1) {
          requireVersion(at(0) == 4 || at(0) == 5);
          version = at(0);
        }
        yield version == 4 ? request4() : greeting();
      }
    };
  }

  private static void requireVersion(boolean known) throws BadSocksException {
    if (!known) {
      throw bad("this is not SOCKS 4 or 5");
    }
  }

  private @Nullable SocksMessage greeting() {
    if (length < 2 || length < 2 + at(1)) {
      return null;
    }
    boolean none = false;
    boolean password = false;
    for (int i = 2; i < length; i++) {
      none |= at(i) == NO_AUTHENTICATION;
      password |= at(i) == PASSWORD;
    }
    return new SocksMessage.Greeting(none, password);
  }

  private @Nullable SocksMessage credentials() throws BadSocksException {
    if (length == 1 && at(0) != 1) {
      throw bad("an unknown version of the credentials");
    }
    int userEnd = 2 + at(1);
    if (length < 2 || length <= userEnd || length <= userEnd + at(userEnd)) {
      return null;
    }
    byte[] basic = Arrays.copyOfRange(octets, 2, length);
    int colon = userEnd - 2;
    for (int i = 0; i < colon; i++) {
      if (basic[i] == ':') {
        throw bad("a user name with a colon"); // RFC 7617 §2: it could be read in two ways
      }
    }
    basic[colon] = ':'; // in place of the length of the password
    String encoded = Base64.getEncoder().encodeToString(basic);
    Arrays.fill(basic, (byte) 0);
    return new SocksMessage.Credentials("Basic " + encoded);
  }

  private @Nullable SocksMessage request5() throws BadSocksException {
    switch (length) {
      case 1 -> requireVersion(at(0) == 5);
      case 2 -> requireConnect();
      case 3 -> {
        if (at(2) != 0) {
          throw bad("a reserved octet that is not zero");
        }
      }
      case 4 -> {
        if (at(3) != IPV4 && at(3) != NAME && at(3) != IPV6) {
          throw new BadSocksException(
              SocksReply.ADDRESS_TYPE_NOT_SUPPORTED, "an unknown type of address");
        }
      }
      default -> {
        return length < addressEnd() + 2 ? null : request(host5(), addressEnd());
      }
    }
    return null;
  }

  private int addressEnd() {
    return switch (at(3)) {
      case IPV4 -> 8;
      case IPV6 -> 20;
      default -> 5 + at(4);
    };
  }

  private String host5() {
    return at(3) == NAME ? text(5, addressEnd()) : address(4, addressEnd());
  }

  private @Nullable SocksMessage request4() throws BadSocksException {
    if (length == 2) {
      requireConnect();
    }
    if (length <= VERSION_4_HEAD) {
      return null;
    }
    int start = nameStart == 0 ? VERSION_4_HEAD : nameStart;
    if (at(length - 1) != 0) {
      if (length - start > MAX_TEXT) {
        throw bad("a user or host that is too long");
      }
      return null;
    }
    if (nameStart != 0) {
      return request(text(nameStart, length - 1), 2);
    }
    boolean named = at(4) == 0 && at(5) == 0 && at(6) == 0 && at(7) != 0; // 4a
    if (named) {
      nameStart = length;
      return null;
    }
    return request(address(4, 8), 2);
  }

  private void requireConnect() throws BadSocksException {
    if (at(1) != CONNECT) {
      throw new BadSocksException(
          SocksReply.COMMAND_NOT_SUPPORTED, "of the commands of SOCKS, only CONNECT is offered");
    }
  }

  /** An address that was sent as a name is one all the same: what it is must not depend on that. */
  private SocksMessage request(String host, int portAt) throws BadSocksException {
    InetAddress literal = Ip.parse(host);
    String spelled = literal == null ? host : bracketed(literal);
    try {
      int port = at(portAt) << 8 | at(portAt + 1);
      return new SocksMessage.Request(Authority.parse(spelled + ":" + port));
    } catch (BadMessageException e) {
      throw bad(e.detail());
    }
  }

  private String address(int from, int to) {
    try {
      return bracketed(InetAddress.getByAddress(Arrays.copyOfRange(octets, from, to)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + (to - from) + " octets", e);
    }
  }

  private static String bracketed(InetAddress address) {
    String text = address.getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  private String text(int from, int to) {
    return new String(octets, from, to - from, ISO_8859_1);
  }

  private int at(int index) {
    return octets[index] & 0xff;
  }

  private static BadSocksException bad(String detail) {
    return new BadSocksException(SocksReply.GENERAL_FAILURE, detail);
  }
}
