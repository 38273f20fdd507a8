package io.tidegate.core.connect;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a parent proxy so that it opens a way to a destination, and what it answers.
 * Pure: octets in, octets out; it takes no more than its protocol allows.
 */
interface ParentDialogue {
  /** The parent proxy has not opened the way. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Failure failure;

    private RefusedException(Failure failure) {
      super(failure.detail());
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }

  /** What is said first. */
  ByteBuffer opening();

  /**
   * Takes what has come, and leaves what comes after the end of the dialogue.
   *
   * @return what is said next, or null if there is nothing to say
   */
  @Nullable ByteBuffer take(ByteBuffer in) throws RefusedException;

  /**
   * Whether the parent proxy has been told where to go: from then on the destination may be slow.
   */
  default boolean hasAsked() {
    return true; // what is said first
  }

  /** Whether the way is open. */
  boolean isOpen();

  /**
   * The dialogue with {@code parent} about {@code destination}.
   *
   * @param address the address to be asked for in place of its name, or null
   * @param via our entry in Via, null if the parent is not told of us
   */
  static ParentDialogue with(
      Parent parent, Destination destination, @Nullable InetAddress address, @Nullable String via) {
    return switch (parent.kind()) {
      case HTTP, HTTPS -> new ConnectDialogue(parent, destination, address, via);
      case SOCKS5 -> new Socks5Dialogue(parent, destination, address);
      case SOCKS4A -> new Socks4Dialogue(parent, destination, address);
    };
  }

  /** The parent has answered that it will not or cannot get to the destination. */
  static RefusedException refused(ProxyError error, int status, String detail) {
    return new RefusedException(Failure.of(error, detail).withStatus(status));
  }

  /** The parent's rules do not let us go there. */
  static RefusedException denied() {
    return refused(
        ProxyError.HTTP_REQUEST_DENIED, 403, "the parent proxy does not allow the destination");
  }

  /** The parent does not know us. */
  static RefusedException credentials() {
    return new RefusedException(ParentUnavailableException.unknown());
  }

  /** What the parent says is not its protocol. */
  static RefusedException garbage() {
    return new RefusedException(
        ParentUnavailableException.failure(
            Failure.of(ProxyError.HTTP_PROTOCOL_ERROR, "what it says is not its protocol")));
  }
}
