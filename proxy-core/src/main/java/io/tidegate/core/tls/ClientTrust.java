package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which certificates of clients are accepted (RFC 5280 §6).
 *
 * @param authorities whose certificates are
 * @param revocationLists which of them are not any more; if there are any, one that is valid is
 *     needed for each authority in a chain
 */
record ClientTrust(List<X509Certificate> authorities, List<X509CRL> revocationLists) {
  private static final System.Logger LOG = System.getLogger(ClientTrust.class.getName());

  /** Copies the lists. */
  ClientTrust {
    authorities = List.copyOf(authorities);
    revocationLists = List.copyOf(revocationLists);
  }

  /**
   * What {@code settings} name.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that cannot be read
   */
  static ClientTrust read(ClientCertificateSettings settings, CertificateFiles files) {
    Checks checks = new Checks();
    ClientTrust read =
        new ClientTrust(
            checks.collectAll("trusted", settings.trusted(), files::authorities),
            checks.collectAll(
                "revocationLists", settings.revocationLists(), files::revocationLists));
    checks.done();
    return read;
  }

  /** Tells in the log which lists have expired: then nobody of their authorities is accepted. */
  void warn(Instant now) {
    for (X509CRL list : revocationLists) {
      if (hasExpired(list, now)) {
        LOG.log(
            Level.WARNING,
            "the revocation list of {0} has expired at {1}",
            list.getIssuerX500Principal(),
            list.getNextUpdate().toInstant());
      }
    }
  }

  /**
   * Whether a chain that was accepted once is good for a session that is resumed: neither one of
   * its certificates nor a list of one of its authorities has expired since.
   */
  boolean isCurrent(List<X509Certificate> chain, Instant now) {
    for (X509Certificate one : chain) {
      if (now.isAfter(one.getNotAfter().toInstant())) {
        return false;
      }
      for (X509CRL list : revocationLists) {
        boolean ofIssuer = list.getIssuerX500Principal().equals(one.getIssuerX500Principal());
        if (ofIssuer && hasExpired(list, now)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean hasExpired(X509CRL list, Instant now) {
    Date next = list.getNextUpdate();
    return next != null && now.isAfter(next.toInstant());
  }

  /** Applies it in handshakes. Nobody is asked over the network: what counts is in the files. */
  TrustManager[] managers() throws GeneralSecurityException {
    Set<TrustAnchor> anchors = new HashSet<>();
    authorities.forEach(one -> anchors.add(new TrustAnchor(one, null)));
    PKIXBuilderParameters path = new PKIXBuilderParameters(anchors, new X509CertSelector());
    path.setRevocationEnabled(false);
    if (!revocationLists.isEmpty()) {
      path.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocationLists)));
      PKIXRevocationChecker checker =
          (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
      checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
      path.addCertPathChecker(checker);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(path));
    return factory.getTrustManagers();
  }
}
