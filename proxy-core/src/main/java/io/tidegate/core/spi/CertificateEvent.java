package io.tidegate.core.spi;

import java.util.Locale;

/**
 * Files of certificates, keys, authorities or revocation lists have changed.
 *
 * @param kind what has come of it
 * @param subject the first of the files that are read together
 * @param detail everything that was wrong; empty if nothing was
 */
public record CertificateEvent(Kind kind, String subject, String detail) implements ProxyEvent {
  /** What can come of it. */
  public enum Kind {
    /** What stands in them counts for new handshakes. */
    CHANGED,
    /** They will not do: what was read before still counts. */
    UNREADABLE
  }

  @Override
  public String name() {
    return "certificate-" + kind.name().toLowerCase(Locale.ROOT);
  }
}
