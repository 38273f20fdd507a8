package io.tidegate.core.server;

import java.nio.ByteBuffer;

/**
 * A connection whose client has still to show which protocol it speaks. The first octets tell: no
 * HTTP request begins with the version of SOCKS, and none of HTTP/1.1 as the preface of HTTP/2 does
 * (RFC 9113 §3.4).
 */
final class UnknownConnection extends Door {
  private static final byte[] PREFACE = {'P', 'R', 'I', ' '};

  private final ByteBuffer begun = ByteBuffer.allocate(PREFACE.length);

  UnknownConnection(ClientChannel client, Doors doors) {
    super(client, doors.settings().headTimeout(), doors);
  }

  @Override
  void received(ByteBuffer in) {
    while (in.hasRemaining() && beginsWithPreface(in.get(in.position()))) {
      begun.put(in.get());
    }
    if (in.hasRemaining() || !begun.hasRemaining()) {
      goOn(known(in), whole(in));
    }
  }

  /** Whether it may be the preface of HTTP/2 if {@code next} comes next. */
  private boolean beginsWithPreface(byte next) {
    return begun.hasRemaining() && PREFACE[begun.position()] == next && doors.speaksHttp2(client);
  }

  private ClientConnection known(ByteBuffer in) {
    if (!begun.hasRemaining()) {
      return doors.http2(client);
    }
    byte first = begun.position() == 0 ? in.get(in.position()) : 0;
    return doors.speaksSocks() && (first == 4 || first == 5)
        ? doors.socks(client)
        : doors.http(client);
  }

  private ByteBuffer whole(ByteBuffer in) {
    begun.flip();
    return begun.hasRemaining()
        ? ByteBuffer.allocate(begun.remaining() + in.remaining()).put(begun).put(in).flip()
        : in;
  }
}
