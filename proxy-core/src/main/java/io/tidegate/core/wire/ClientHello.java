package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.http.BadMessageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the first message of a TLS client tells (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). Where it is
 * encrypted (ECH), the outer one.
 *
 * @param serverName the host that the client wants (RFC 6066 §3), in lower case without a dot at
 *     its end; null if it does not say
 * @param protocols what the client offers to speak (ALPN, RFC 7301 §3.1), the best first; empty if
 *     it does not say
 */
public record ClientHello(@Nullable String serverName, List<String> protocols) {
  private static final int RANDOM = 32;
  private static final int MAX_SESSION_ID = 32;
  private static final int SERVER_NAME = 0;
  private static final int PROTOCOLS = 16;
  private static final int HOST_NAME = 0;
  private static final int MAX_NAME = 255;

  /** Whether the client wants {@code host}, a name in any case, with or without a trailing dot. */
  public boolean isFor(String host) {
    return serverName != null && serverName.equals(normal(host));
  }

  private static String normal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Parses the body of the message, which {@code in} holds and nothing else. */
  static ClientHello parse(ByteBuffer in) throws BadMessageException {
    try {
      require(in.get() == 3); // legacy_version: SSL 3.0 and all that came after it
      in.get();
      skip(in, RANDOM);
      int sessionId = octet(in);
      require(sessionId <= MAX_SESSION_ID);
      skip(in, sessionId);
      int cipherSuites = number(in);
      require(cipherSuites >= 2 && cipherSuites % 2 == 0);
      skip(in, cipherSuites);
      int compressions = octet(in);
      require(compressions >= 1);
      skip(in, compressions);
      return in.hasRemaining() ? extended(vector(in)) : new ClientHello(null, List.of());
    } catch (BufferUnderflowException e) {
      throw malformed();
    }
  }

  private static ClientHello extended(ByteBuffer extensions) throws BadMessageException {
    Set<Integer> seen = new HashSet<>();
    String name = null;
    List<String> protocols = List.of();
    while (extensions.hasRemaining()) {
      int type = number(extensions);
      require(seen.add(type)); // no type twice: RFC 8446 §4.2
      int length = number(extensions);
      ByteBuffer data = slice(extensions, length);
      if (type == SERVER_NAME) {
        name = hostName(vector(data));
      } else if (type == PROTOCOLS) {
        protocols = protocols(vector(data));
      }
    }
    return new ClientHello(name, protocols);
  }

  /** Names of any octets, none of them empty. */
  private static List<String> protocols(ByteBuffer list) throws BadMessageException {
    require(list.hasRemaining());
    List<String> names = new ArrayList<>(2);
    while (list.hasRemaining()) {
      byte[] name = new byte[octet(list)];
      require(name.length > 0);
      list.get(name);
      names.add(new String(name, ISO_8859_1));
    }
    return List.copyOf(names);
  }

  /** One name of one type: no other type has ever been defined, nor may one come twice. */
  private static String hostName(ByteBuffer list) throws BadMessageException {
    require(octet(list) == HOST_NAME);
    ByteBuffer name = vector(list);
    require(name.hasRemaining() && name.remaining() <= MAX_NAME);
    StringBuilder text = new StringBuilder(name.remaining());
    while (name.hasRemaining()) {
      int c = octet(name);
      require(c > ' ' && c < 0x7f);
      text.append((char) c);
    }
    return normal(text.toString());
  }

  /** What follows a length of two octets, and is all there is. */
  private static ByteBuffer vector(ByteBuffer in) throws BadMessageException {
    require(number(in) == in.remaining());
    return in;
  }

  private static ByteBuffer slice(ByteBuffer in, int length) throws BadMessageException {
    require(length <= in.remaining());
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return part;
  }

  private static void skip(ByteBuffer in, int count) throws BadMessageException {
    require(count <= in.remaining());
    in.position(in.position() + count);
  }

  private static int octet(ByteBuffer in) {
    return in.get() & 0xff;
  }

  private static int number(ByteBuffer in) {
    return in.getShort() & 0xffff;
  }

  private static void require(boolean valid) throws BadMessageException {
    if (!valid) {
      throw malformed();
    }
  }

  private static BadMessageException malformed() {
    return BadMessageException.syntax("malformed TLS ClientHello");
  }
}
