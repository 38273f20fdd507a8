package io.tidegate.forward.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.spi.Identity;
import io.tidegate.forward.access.RequestPattern;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** Users by the names in their certificates, each of which is read once for its connection. */
final class CertificateUsers implements CertificateMapper {
  private final CertificateName name;
  private final Cache<X509Certificate, Optional<Identity>> read =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  CertificateUsers(CertificateName name) {
    this.name = name;
  }

  @Override
  public @Nullable Identity identity(X509Certificate certificate) {
    return read.get(certificate, this::user).orElse(null);
  }

  private Optional<Identity> user(X509Certificate certificate) {
    try {
      String found =
          switch (name) {
            case COMMON_NAME -> commonName(certificate);
            case ALTERNATIVE_NAME -> alternativeName(certificate);
          };
      return Optional.ofNullable(found).filter(CertificateUsers::isName).map(Identity::of);
    } catch (InvalidNameException | CertificateParsingException e) {
      return Optional.empty(); // what nobody can read names nobody
    }
  }

  private static @Nullable String commonName(X509Certificate certificate)
      throws InvalidNameException {
    List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
    for (int i = parts.size() - 1; i >= 0; i--) { // the first as written is the last here
      Rdn part = parts.get(i);
      if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String value) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String alternativeName(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    for (List<?> one : names == null ? List.<List<?>>of() : names) {
      if (one.get(0) instanceof Integer type && isText(type)) {
        return (String) one.get(1);
      }
    }
    return null;
  }

  private static boolean isText(int type) {
    return type == 1 || type == 2 || type == 6; // rfc822Name, dNSName, URI
  }

  private static boolean isName(String name) {
    return !name.isBlank()
        && !name.equals(RequestPattern.ANY_USER)
        && name.chars().noneMatch(Character::isISOControl);
  }
}
