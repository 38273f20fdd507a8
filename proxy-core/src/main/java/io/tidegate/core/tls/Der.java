package io.tidegate.core.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** As much of DER (X.690) as it takes to put a key into PKCS#8 (RFC 5958). */
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xa0; // [0] of ECPrivateKey (RFC 5915 §3)

  private static final byte[] VERSION_0 = {2, 1, 0};

  /** rsaEncryption, 1.2.840.113549.1.1.1, and NULL. */
  private static final byte[] RSA = {
    0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0
  };

  /** id-ecPublicKey, 1.2.840.10045.2.1. */
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private Der() {}

  /** PKCS#8 of an RSAPrivateKey (RFC 8017 §A.1.2). */
  static byte[] ofRsa(byte[] key) {
    return tagged(SEQUENCE, VERSION_0, tagged(SEQUENCE, RSA), tagged(OCTETS, key));
  }

  /** PKCS#8 of an ECPrivateKey (RFC 5915); null if it does not name its curve. */
  static byte @Nullable [] ofEc(byte[] key) {
    byte[] curve = curve(ByteBuffer.wrap(key));
    return curve == null
        ? null
        : tagged(SEQUENCE, VERSION_0, tagged(SEQUENCE, EC, curve), tagged(OCTETS, key));
  }

  private static byte @Nullable [] curve(ByteBuffer key) {
    try {
      if (octet(key) != SEQUENCE) {
        return null;
      }
      length(key);
      while (key.hasRemaining()) {
        int tag = octet(key);
        byte[] content = new byte[length(key)];
        key.get(content);
        if (tag == CURVE) {
          return content;
        }
      }
      return null;
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static int octet(ByteBuffer in) {
    return in.get() & 0xff;
  }

  /** A length, which is never more than what remains. */
  private static int length(ByteBuffer in) {
    int length = octet(in);
    if (length >= 0x80) {
      int octets = length & 0x7f;
      length = 0;
      for (int i = 0; i < octets && length <= in.limit(); i++) {
        length = length << 8 | octet(in);
      }
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  /** In as few octets as will do: DER knows no other way. */
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
  }
}
