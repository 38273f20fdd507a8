package io.tidegate.core.wire;

/** How a proxy ends the negotiation with a SOCKS client (RFC 1928 §6). */
public enum SocksReply {
  /** The connection is there. */
  SUCCEEDED(0),
  /** It is not, for a reason without a word of its own. */
  GENERAL_FAILURE(1),
  /** The rules do not allow it. */
  NOT_ALLOWED(2),
  /** There is no way to the network. */
  NETWORK_UNREACHABLE(3),
  /** There is no way to the host, or no such host. */
  HOST_UNREACHABLE(4),
  /** The host has refused. */
  CONNECTION_REFUSED(5),
  /** It took too long: SOCKS has no other word for that. */
  TTL_EXPIRED(6),
  /** Something other than CONNECT was asked for. */
  COMMAND_NOT_SUPPORTED(7),
  /** The address is of a kind that the protocol does not have. */
  ADDRESS_TYPE_NOT_SUPPORTED(8);

  private static final byte VERSION_4_GRANTED = 0x5a;
  private static final byte VERSION_4_REJECTED = 0x5b;

  private final byte code;

  SocksReply(int code) {
    this.code = (byte) code;
  }

  /**
   * The reply as it goes over the wire. The address in it, of our end of the connection to the
   * host, stays blank: clients have no use for it, and it would tell how we are connected.
   *
   * @param version 4 or 5; the former has one word for every failure
   */
  public byte[] octets(int version) {
    if (version == 4) {
      byte answer = this == SUCCEEDED ? VERSION_4_GRANTED : VERSION_4_REJECTED;
      return new byte[] {0, answer, 0, 0, 0, 0, 0, 0};
    }
    return new byte[] {5, code, 0, 1, 0, 0, 0, 0, 0, 0};
  }
}
