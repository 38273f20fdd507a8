package io.tidegate.core.header;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Tells the upstream what the client of a TLS connection has proved itself with: Client-Cert and
 * Client-Cert-Chain (RFC 9440). Immutable.
 *
 * <p>What was received under these names is removed, unless it comes from a trusted client and we
 * tell nothing ourselves.
 */
public final class ClientCertificateFields {
  private static final FieldName CERTIFICATE = FieldName.of("Client-Cert");
  private static final FieldName CHAIN = FieldName.of("Client-Cert-Chain");

  /** What the upstream is told. */
  public enum Mode {
    /** Nothing. */
    OFF,
    /** The client's own certificate. */
    CERTIFICATE,
    /** The client's own certificate, and those of its issuers that it has sent. */
    CHAIN
  }

  private final Mode mode;

  /** Fields of this mode. */
  public ClientCertificateFields(Mode mode) {
    this.mode = mode;
  }

  /**
   * Rewrites the fields of an upstream request.
   *
   * @param fields the fields, those received still among them
   * @param trusted whether the client may speak for others
   * @param certificates what the client has proved itself with, its own first; empty if with
   *     nothing
   */
  public void apply(FieldEdits fields, boolean trusted, List<X509Certificate> certificates) {
    if (mode != Mode.OFF || !trusted) {
      removeReceived(fields);
    }
    if (mode == Mode.OFF || certificates.isEmpty()) {
      return;
    }
    fields.add(CERTIFICATE, text(certificates.get(0)));
    if (mode == Mode.CHAIN && certificates.size() > 1) {
      StringBuilder chain = new StringBuilder();
      for (X509Certificate issuer : certificates.subList(1, certificates.size())) {
        chain.append(chain.isEmpty() ? "" : ", ").append(text(issuer));
      }
      fields.add(CHAIN, chain.toString());
    }
  }

  /** Where fields become variables (RFC 3875 §4.1.18), an underscore is the same as a hyphen. */
  private static void removeReceived(FieldEdits fields) {
    Fields received = fields.received();
    for (int i = 0; i < received.size(); i++) {
      if (received.nameStartsWith(i, "client")) {
        String name = received.name(i).toLowerCase(Locale.ROOT).replace('_', '-');
        if (name.equals("client-cert") || name.equals("client-cert-chain")) {
          fields.removeReceived(i);
        }
      }
    }
  }

  /** A byte sequence (RFC 9651 §3.3.5). */
  private static String text(X509Certificate certificate) {
    try {
      return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e); // it has been decoded
    }
  }
}
