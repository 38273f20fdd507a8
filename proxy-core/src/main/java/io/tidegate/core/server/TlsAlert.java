package io.tidegate.core.server;

import java.nio.ByteBuffer;

/** Why a TLS client is turned away before there is anything to encrypt (RFC 8446 §6.2). */
enum TlsAlert {
  /** The client may not go where it wants to. */
  ACCESS_DENIED(49),
  /** What should be the first message is none. */
  DECODE_ERROR(50),
  /** The client has done nothing wrong. */
  INTERNAL_ERROR(80),
  /** Nobody here has the name that the client wants (RFC 6066 §3). */
  UNRECOGNIZED_NAME(112),
  /** The client speaks no protocol of ours (RFC 7301 §3.2). */
  NO_APPLICATION_PROTOCOL(120);

  private static final byte CONTENT_TYPE = 21;
  private static final byte FATAL = 2;

  private final byte description;

  TlsAlert(int description) {
    this.description = (byte) description;
  }

  /** The record that tells it. */
  ByteBuffer record() {
    return ByteBuffer.wrap(new byte[] {CONTENT_TYPE, 3, 3, 0, 2, FATAL, description});
  }
}
