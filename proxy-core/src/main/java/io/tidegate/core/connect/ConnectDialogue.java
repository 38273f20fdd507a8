package io.tidegate.core.connect;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import io.tidegate.core.wire.ResponseHeadReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A tunnel through an HTTP proxy (RFC 9110 §9.3.6). */
final class ConnectDialogue implements ParentDialogue {
  private static final HeadLimits LIMITS = new HeadLimits(32 << 10, 8 << 10, 100);
  private static final int MOST_INTERIM = 8;

  private final ResponseHeadReader reader = new ResponseHeadReader(LIMITS);
  private final ByteBuffer request;
  private int interim;
  private boolean open;

  ConnectDialogue(
      Parent parent, Destination destination, @Nullable InetAddress address, @Nullable String via) {
    String target =
        address == null ? destination.authority() : destination.withHost(address).authority();
    HeadWriter head = new HeadWriter().clear().requestLine("CONNECT", target).field("Host", target);
    if (via != null) {
      head.field("Via", via);
    }
    if (parent.credentials() != null) {
      head.field("Proxy-Authorization", parent.credentials().basic());
    }
    request = ByteBuffer.wrap(head.end().toArray());
  }

  @Override
  public ByteBuffer opening() {
    return request;
  }

  @Override
  public @Nullable ByteBuffer take(ByteBuffer in) throws RefusedException {
    while (!open) {
      ResponseHead head = read(in);
      if (head == null) {
        return null;
      }
      if (!head.isInterim()) {
        decide(head.status());
        open = true;
      } else if (++interim > MOST_INTERIM) {
        throw ParentDialogue.garbage();
      }
    }
    return null;
  }

  private @Nullable ResponseHead read(ByteBuffer in) throws RefusedException {
    try {
      return reader.read(in);
    } catch (BadMessageException e) {
      throw ParentDialogue.garbage();
    }
  }

  /** Framing fields of a successful response mean nothing. */
  private static void decide(int status) throws RefusedException {
    if (status < 200) {
      throw ParentDialogue.garbage(); // 101, which nobody has asked for
    }
    if (status == 407) {
      throw ParentDialogue.credentials();
    }
    if (status == 403) {
      throw ParentDialogue.denied();
    }
    if (status > 299) {
      throw ParentDialogue.refused(
          ProxyError.DESTINATION_UNAVAILABLE,
          502,
          "the parent proxy has opened no tunnel to the destination");
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
