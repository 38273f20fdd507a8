package io.tidegate.core.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection through a SOCKS 5 proxy (RFC 1928), with a password if there is one (RFC 1929). */
final class Socks5Dialogue implements ParentDialogue {
  private static final int VERSION = 5;
  private static final int NO_AUTHENTICATION = 0;
  private static final int PASSWORD = 2;
  private static final int PASSWORD_VERSION = 1;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  /** Up to the first octet of the bound address, which tells the length of a name. */
  private static final int REPLY_START = 5;

  private static final int LONGEST = 4 + 1 + 255 + 2;

  /** What the next octets are. */
  private enum Expected {
    METHOD,
    VERDICT,
    REPLY,
    REST_OF_REPLY,
    NOTHING
  }

  private final Parent.@Nullable Credentials credentials;
  private final Destination destination;
  private final @Nullable InetAddress address;
  private final ByteBuffer got = ByteBuffer.allocate(LONGEST).limit(2);
  private Expected expected = Expected.METHOD;

  Socks5Dialogue(Parent parent, Destination destination, @Nullable InetAddress address) {
    this.credentials = parent.credentials();
    this.destination = destination;
    this.address = address == null ? Ip.parse(destination.host()) : address;
  }

  @Override
  public ByteBuffer opening() {
    return credentials == null
        ? octets(VERSION, 1, NO_AUTHENTICATION)
        : octets(VERSION, 2, NO_AUTHENTICATION, PASSWORD);
  }

  private static ByteBuffer octets(int... values) {
    ByteBuffer octets = ByteBuffer.allocate(values.length);
    for (int value : values) {
      octets.put((byte) value);
    }
    return octets.flip();
  }

  @Override
  public @Nullable ByteBuffer take(ByteBuffer in) throws RefusedException {
    while (expected != Expected.NOTHING) {
      while (got.hasRemaining() && in.hasRemaining()) {
        got.put(in.get());
      }
      if (got.hasRemaining()) {
        return null;
      }
      ByteBuffer said = answer();
      if (said != null) {
        return said;
      }
    }
    return null;
  }

  @Override
  public boolean hasAsked() {
    return expected.compareTo(Expected.REPLY) >= 0;
  }

  private @Nullable ByteBuffer answer() throws RefusedException {
    return switch (expected) {
      case METHOD -> method();
      case VERDICT -> verdict();
      case REPLY -> reply();
      default -> {
        expected = Expected.NOTHING;
        yield null;
      }
    };
  }

  private int octet(int index) {
    return got.get(index) & 0xff;
  }

  private void expect(Expected next, int length) {
    expected = next;
    got.clear().limit(length);
  }

  private ByteBuffer method() throws RefusedException {
    if (octet(0) != VERSION) {
      throw ParentDialogue.garbage();
    }
    int method = octet(1);
    if (method == NO_AUTHENTICATION) {
      return request();
    }
    if (method == PASSWORD && credentials != null) {
      expect(Expected.VERDICT, 2);
      return password(credentials);
    }
    throw method == 0xff ? ParentDialogue.credentials() : ParentDialogue.garbage();
  }

  private static ByteBuffer password(Parent.Credentials credentials) {
    byte[] user = credentials.user().getBytes(UTF_8);
    byte[] password = credentials.password().getBytes(UTF_8);
    return ByteBuffer.allocate(3 + user.length + password.length)
        .put((byte) PASSWORD_VERSION)
        .put((byte) user.length)
        .put(user)
        .put((byte) password.length)
        .put(password)
        .flip();
  }

  private ByteBuffer verdict() throws RefusedException {
    if (octet(0) != PASSWORD_VERSION) {
      throw ParentDialogue.garbage();
    }
    if (octet(1) != 0) {
      throw ParentDialogue.credentials();
    }
    return request();
  }

  private ByteBuffer request() {
    expect(Expected.REPLY, REPLY_START);
    byte[] host = address == null ? destination.host().getBytes(UTF_8) : address.getAddress();
    ByteBuffer request = ByteBuffer.allocate(LONGEST);
    request.put((byte) VERSION).put((byte) CONNECT).put((byte) 0);
    if (address == null) {
      request.put((byte) NAME).put((byte) host.length);
    } else {
      request.put((byte) (host.length == 4 ? IPV4 : IPV6));
    }
    return request.put(host).putShort((short) destination.port()).flip();
  }

  private @Nullable ByteBuffer reply() throws RefusedException {
    if (octet(0) != VERSION || octet(2) != 0) {
      throw ParentDialogue.garbage();
    }
    if (octet(1) != 0) {
      throw refusal(octet(1));
    }
    int bound =
        switch (octet(3)) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> 1 + octet(4);
          default -> throw ParentDialogue.garbage();
        };
    expected = Expected.REST_OF_REPLY;
    got.limit(4 + bound + 2);
    return null;
  }

  private static RefusedException refusal(int code) {
    return switch (code) {
      case 1 ->
          ParentDialogue.refused(
              ProxyError.DESTINATION_UNAVAILABLE,
              502,
              "the parent proxy could not connect to the destination");
      case 2 -> ParentDialogue.denied();
      case 3, 4 ->
          ParentDialogue.refused(
              ProxyError.DESTINATION_IP_UNROUTABLE,
              502,
              "the parent proxy has no route to the destination");
      case 5 ->
          ParentDialogue.refused(
              ProxyError.CONNECTION_REFUSED,
              502,
              "the destination has refused the parent proxy's connection");
      case 6 ->
          ParentDialogue.refused(
              ProxyError.CONNECTION_TIMEOUT,
              504,
              "the parent proxy did not get to the destination in time");
      case 7, 8 ->
          ParentDialogue.refused(
              ProxyError.PROXY_CONFIGURATION_ERROR,
              502,
              "the parent proxy does not make such connections");
      default -> ParentDialogue.garbage();
    };
  }

  @Override
  public boolean isOpen() {
    return expected == Expected.NOTHING;
  }
}
