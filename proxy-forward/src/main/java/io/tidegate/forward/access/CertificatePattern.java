package io.tidegate.forward.access;

import io.tidegate.forward.address.TargetHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Which client certificates a rule is about; {@link RequestPattern#certificate} tells the forms.
 */
final class CertificatePattern {
  static final String EXPECTED =
      "a subject like CN=billing,O=Example, a DNS name or *.example.com, an email address or a URI";

  /** The kinds of names among the alternative ones (RFC 5280 §4.2.1.6), by their tags. */
  private static final int EMAIL = 1;

  private static final int DNS = 2;
  private static final int URI_NAME = 6;

  private final @Nullable X500Principal subject;
  private final int kind;
  private final String name;

  private CertificatePattern(@Nullable X500Principal subject, int kind, String name) {
    this.subject = subject;
    this.kind = kind;
    this.name = name;
  }

  /** The pattern that {@code text} spells out, or null if it is none. */
  static @Nullable CertificatePattern parse(String text) {
    if (text.indexOf(':') > 0 && isUri(text)) {
      return new CertificatePattern(null, URI_NAME, text);
    }
    if (text.indexOf('=') > 0) {
      X500Principal subject = principal(text);
      return subject == null ? null : new CertificatePattern(subject, 0, "");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    int at = text.indexOf('@');
    if (at >= 0) {
      boolean valid = at > 0 && TargetHost.isName(lower.substring(at + 1));
      return valid ? new CertificatePattern(null, EMAIL, text) : null;
    }
    String dns = lower.startsWith("*.") ? lower.substring(1) : lower;
    boolean valid = TargetHost.isName(dns.startsWith(".") ? dns.substring(1) : dns);
    return valid && !text.startsWith(".") ? new CertificatePattern(null, DNS, dns) : null;
  }

  private static boolean isUri(String text) {
    try {
      return new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static @Nullable X500Principal principal(String text) {
    try {
      return new X500Principal(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  boolean matches(X509Certificate certificate) {
    return subject == null
        ? hasName(certificate)
        : subject.equals(certificate.getSubjectX500Principal());
  }

  private boolean hasName(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (names != null) {
      for (List<?> one : names) {
        if (Integer.valueOf(kind).equals(one.get(0))
            && one.get(1) instanceof String text
            && isMeant(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isMeant(String text) {
    if (kind == DNS) {
      String lower = text.toLowerCase(Locale.ROOT);
      return name.startsWith(".") ? lower.endsWith(name) : lower.equals(name);
    }
    return kind == EMAIL ? isMailbox(text) : text.equals(name);
  }

  /** The part before the at sign is told apart by case, the domain is not (RFC 5280 §7.5). */
  private boolean isMailbox(String text) {
    int at = name.indexOf('@');
    return text.length() == name.length()
        && text.startsWith(name.substring(0, at + 1))
        && text.regionMatches(true, at, name, at, name.length() - at);
  }
}
