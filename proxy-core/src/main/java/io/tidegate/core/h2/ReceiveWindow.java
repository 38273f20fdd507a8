package io.tidegate.core.h2;

/** How much the peer may send on a stream (RFC 9113 §5.2). */
final class ReceiveWindow {
  private int size;
  private int left;
  private int consumed;

  /**
   * A window of {@code size}, of which {@code left} are left.
   *
   * @param left more than {@code size} if the peer may not know of that yet
   */
  ReceiveWindow(int size, int left) {
    this.size = size;
    this.left = left;
  }

  /** Takes so much of it; false if there is less. */
  boolean take(int octets) {
    if (octets > left) {
      return false;
    }
    left -= octets;
    return true;
  }

  /** How much the peer may still send; never negative. */
  int left() {
    return Math.max(0, left);
  }

  /** How much the peer may send before anything is consumed. */
  int size() {
    return size;
  }

  /** The window is so much larger from now on, and the peer is told. */
  void widen(int octets) {
    size += octets;
    left += octets;
  }

  /** The peer has learnt that the window is so much smaller; it may become negative. */
  void shrink(int octets) {
    left -= octets;
  }

  /**
   * So much has been consumed.
   *
   * @return what the peer should be given now, or 0: not before it is half of the window
   */
  int giveBack(int octets) {
    consumed += octets;
    if (consumed < size / 2) {
      return 0;
    }
    int given = consumed;
    left += given;
    consumed = 0;
    return given;
  }
}
