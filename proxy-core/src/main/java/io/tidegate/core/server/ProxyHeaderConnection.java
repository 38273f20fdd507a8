package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.wire.ProxyHeader;
import io.tidegate.core.wire.ProxyHeaderReader;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/**
 * A connection of a sender that is believed, which has still to say for whom: with a header of the
 * PROXY protocol, before anything else. What breaks the rules, or does not come in time, ends it.
 */
final class ProxyHeaderConnection extends Door {
  private static final System.Logger LOG = System.getLogger(ProxyHeaderConnection.class.getName());

  private final ProxyProtocolSettings settings;
  private final ProxyHeaderReader reader = new ProxyHeaderReader();

  ProxyHeaderConnection(ClientChannel client, ProxyProtocolSettings settings, Doors doors) {
    super(client, settings.timeout(), doors);
    this.settings = settings;
  }

  @Override
  void received(ByteBuffer in) {
    try {
      ProxyHeader header = reader.read(in);
      if (header != null) {
        told(header, in);
      }
    } catch (BadMessageException e) {
      if (settings.optional() && !reader.isHeader()) {
        goOn(doors.named(client), together(reader.taken(), in));
      } else {
        refuse(e.detail());
      }
    }
  }

  /** What was taken for a header, and what has come with it. */
  private static ByteBuffer together(ByteBuffer taken, ByteBuffer rest) {
    return ByteBuffer.allocate(taken.remaining() + rest.remaining()).put(taken).put(rest).flip();
  }

  private void told(ProxyHeader header, ByteBuffer rest) {
    ClientChannel behind = client.told(header);
    if (doors.registry().countFor(client.peer().getAddress(), behind.peer().getAddress())) {
      client = behind;
      goOn(doors.named(client), rest);
    } else {
      refuse("more connections than a client may have");
    }
  }

  private void refuse(String reason) {
    LOG.log(Level.DEBUG, "a connection of {0} was closed: {1}", client.peer(), reason);
    cut();
  }

  @Override
  protected void expired() {
    refuse("no PROXY header came in time");
  }
}
