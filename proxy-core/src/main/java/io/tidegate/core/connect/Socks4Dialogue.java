package io.tidegate.core.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ProxyError;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection through a SOCKS 4 proxy that takes names of destinations (SOCKS 4a). */
final class Socks4Dialogue implements ParentDialogue {
  private static final int VERSION = 4;
  private static final int CONNECT = 1;
  private static final int GRANTED = 90;
  private static final int REPLY = 8;

  /** Not an address that could be meant: a name follows. */
  private static final byte[] NAME_FOLLOWS = {0, 0, 0, 1};

  private final String user;
  private final Destination destination;
  private final @Nullable InetAddress address;
  private final ByteBuffer got = ByteBuffer.allocate(REPLY);

  Socks4Dialogue(Parent parent, Destination destination, @Nullable InetAddress address) {
    this.user = parent.credentials() == null ? "" : parent.credentials().user();
    this.destination = destination;
    this.address = address == null ? Ip.parse(destination.host()) : address;
  }

  /** Whether this protocol has words for {@code address}. */
  static boolean canTell(@Nullable InetAddress address) {
    return !(address instanceof Inet6Address);
  }

  @Override
  public ByteBuffer opening() {
    byte[] name = user.getBytes(UTF_8);
    byte[] host = address == null ? destination.host().getBytes(UTF_8) : new byte[0];
    ByteBuffer request = ByteBuffer.allocate(8 + name.length + 1 + host.length + 1);
    request.put((byte) VERSION).put((byte) CONNECT).putShort((short) destination.port());
    request.put(address == null ? NAME_FOLLOWS : address.getAddress());
    request.put(name).put((byte) 0);
    if (address == null) {
      request.put(host).put((byte) 0);
    }
    return request.flip();
  }

  @Override
  public @Nullable ByteBuffer take(ByteBuffer in) throws RefusedException {
    while (got.hasRemaining() && in.hasRemaining()) {
      got.put(in.get());
    }
    if (!got.hasRemaining()) {
      decide();
    }
    return null;
  }

  private void decide() throws RefusedException {
    if (got.get(0) != 0) {
      throw ParentDialogue.garbage();
    }
    switch (got.get(1)) {
      case GRANTED -> {}
      case GRANTED + 1 ->
          throw ParentDialogue.refused(
              ProxyError.DESTINATION_UNAVAILABLE,
              502,
              "the parent proxy could not connect to the destination");
      case GRANTED + 2, GRANTED + 3 -> throw ParentDialogue.credentials();
      default -> throw ParentDialogue.garbage();
    }
  }

  @Override
  public boolean isOpen() {
    return !got.hasRemaining();
  }
}
