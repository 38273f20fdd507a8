package io.tidegate.core.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The hosts that a certificate is for. */
final class HostNames {
  private static final int DNS_NAME = 2; // GeneralName, RFC 5280 §4.2.1.6

  private HostNames() {}

  /**
   * The names among the alternative ones, in lower case; the common name if the certificate has no
   * alternative names at all. A wildcard is the whole first label.
   */
  static List<String> of(X509Certificate certificate) {
    Collection<List<?>> alternatives = alternatives(certificate);
    if (alternatives.isEmpty()) {
      return commonName(certificate);
    }
    List<String> names = new ArrayList<>();
    for (List<?> alternative : alternatives) {
      if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
        names.add(normal(String.valueOf(alternative.get(1))));
      }
    }
    return names;
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static List<String> commonName(X509Certificate certificate) {
    try {
      List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      for (int i = parts.size() - 1; i >= 0; i--) { // the most specific one stands last
        if (parts.get(i).getType().equalsIgnoreCase("CN")) {
          return List.of(normal(String.valueOf(parts.get(i).getValue())));
        }
      }
    } catch (InvalidNameException e) {
      // then it has no name that we can read
    }
    return List.of();
  }

  private static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
