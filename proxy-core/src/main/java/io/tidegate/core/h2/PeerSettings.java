package io.tidegate.core.h2;

/** What the peer has granted and wished (RFC 9113 §6.5.2). */
final class PeerSettings {
  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int MAX_FRAME_SIZE = 5;
  static final int MAX_HEADER_LIST_SIZE = 6;
  static final int ENABLE_CONNECT_PROTOCOL = 8;

  static final int DEFAULT_WINDOW = 65_535;
  static final int DEFAULT_FRAME = 16 << 10;
  private static final int MAX_FRAME = (1 << 24) - 1;

  /** What a peer is believed to permit as long as it has not said anything. */
  private static final int FIRST_STREAMS = 100;

  private final Http2Session.Role ourRole;
  private boolean came;
  private int streams = FIRST_STREAMS;
  private int window = DEFAULT_WINDOW;
  private int frame = DEFAULT_FRAME;
  private boolean smallTable;
  private boolean extendedConnect;

  PeerSettings(Http2Session.Role ourRole) {
    this.ourRole = ourRole;
  }

  /** Takes the payload of a SETTINGS frame. */
  void take(byte[] payload, int length) throws ConnectionException {
    if (!came) {
      came = true;
      streams = Integer.MAX_VALUE;
    }
    for (int at = 0; at < length; at += 6) {
      set(
          ((payload[at] & 0xff) << 8) | (payload[at + 1] & 0xff),
          FrameReader.number(payload, at + 2));
    }
  }

  private void set(int identifier, int value) throws ConnectionException {
    switch (identifier) {
      case HEADER_TABLE_SIZE -> smallTable |= value >= 0 && value < HpackDecoder.DEFAULT_TABLE;
      case ENABLE_PUSH -> checkPush(value);
      case MAX_CONCURRENT_STREAMS -> streams = value < 0 ? Integer.MAX_VALUE : value;
      case INITIAL_WINDOW_SIZE -> {
        if (value < 0) {
          throw new ConnectionException(ErrorCode.FLOW_CONTROL_ERROR, "initial window too large");
        }
        window = value;
      }
      case MAX_FRAME_SIZE -> {
        if (value < DEFAULT_FRAME || value > MAX_FRAME) {
          throw ConnectionException.protocol("invalid maximum frame size");
        }
        frame = value;
      }
      case ENABLE_CONNECT_PROTOCOL -> {
        if (value < 0 || value > 1 || (extendedConnect && value == 0)) {
          throw ConnectionException.protocol("invalid ENABLE_CONNECT_PROTOCOL");
        }
        extendedConnect = value == 1;
      }
      default -> {} // RFC 9113 §6.5.2: what is unknown is ignored
    }
  }

  private void checkPush(int value) throws ConnectionException {
    if (value < 0 || value > 1 || (value == 1 && ourRole == Http2Session.Role.CLIENT)) {
      throw ConnectionException.protocol("invalid ENABLE_PUSH");
    }
  }

  /** Whether any have come. */
  boolean haveCome() {
    return came;
  }

  /** How many streams of ours may be open at once. */
  int streams() {
    return streams;
  }

  /** How much we may send on a new stream. */
  int window() {
    return window;
  }

  /** How long our frames may be. */
  int frame() {
    return frame;
  }

  /** Whether the peer has at some time wanted less of a table than it must expect us to use. */
  boolean wantsSmallTable() {
    return smallTable;
  }

  /** Whether the peer takes an extended CONNECT (RFC 8441 §3). */
  boolean extendedConnect() {
    return extendedConnect;
  }
}
