package io.tidegate.core.tls;

import static java.util.Objects.requireNonNull;

import io.tidegate.core.io.BoundedFile;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads keys, certificates and revocation lists from files. It blocks: not for an IO thread.
 *
 * <p>What is wrong is told with the place of the setting that names the file, {@code
 * certificates[0].key}, and the name of the file; never with what stands in it.
 */
public final class CertificateFiles {
  private static final int MOST_OCTETS = 16 << 20;
  private static final String CERTIFICATE =
      "a PEM file with a certificate, or PKCS#12 with one and its key";
  private static final String KEY = "a PEM file with one private key, for the certificate";
  private static final String TRUSTED =
      "a PEM file with certificates, or PKCS#12 with its password";
  private static final String REVOCATION_LIST = "a file with a revocation list, PEM or DER";

  /** Reads a secret from where it stands; what is wrong is noted under the name of the setting. */
  @FunctionalInterface
  public interface Passwords {
    /** The secret itself; empty after a problem has been noted. */
    String read(Secret secret, String setting, Checks checks);
  }

  private final Passwords passwords;

  /** Reads files with passwords that {@code passwords} reads. */
  public CertificateFiles(Passwords passwords) {
    this.passwords = passwords;
  }

  /**
   * A key with its certificates, the key's own first.
   *
   * @param place where {@code from} stands
   * @throws io.tidegate.core.spi.InvalidSettingsException if they cannot be read, or do not belong
   *     together
   */
  public Credentials credentials(String place, CertificateSettings from) {
    Checks checks = new Checks();
    Optional<String> password =
        from.password().map(secret -> passwords.read(secret, place + ".password", checks));
    NamedFile certificate = new NamedFile(place, from.certificate(), CERTIFICATE);
    NamedFile key =
        from.key()
            .map(path -> new NamedFile(place + ".key", path, KEY))
            .orElseGet(() -> new NamedFile(place, from.certificate(), KEY));
    byte[] first = checks.collect(certificate::octets);
    boolean isStore = first != null && !isPem(first);
    byte[] second = isStore || from.key().isEmpty() ? first : checks.collect(key::octets);
    checks.done();
    if (isStore) {
      return certificate.checked(() -> fromKeyStore(requireNonNull(first), password));
    }
    List<X509Certificate> certificates =
        certificate.checked(() -> certificates(requireNonNull(first)));
    return key.checked(() -> Credentials.of(key(requireNonNull(second), password), certificates));
  }

  private static PrivateKey key(byte[] octets, Optional<String> password) {
    return PrivateKeys.among(Pem.parse(text(octets)), password);
  }

  /**
   * The certificates of authorities in a PEM file.
   *
   * @param place where {@code path} stands
   * @throws io.tidegate.core.spi.InvalidSettingsException if it cannot be read, or has none
   */
  public List<X509Certificate> authorities(String place, String path) {
    NamedFile file = new NamedFile(place, path, TRUSTED);
    byte[] octets = file.octets();
    return file.checked(() -> certificates(octets));
  }

  /**
   * The revocation lists in a file, PEM or DER.
   *
   * @param place where {@code path} stands
   * @throws io.tidegate.core.spi.InvalidSettingsException if it cannot be read, or has none
   */
  public List<X509CRL> revocationLists(String place, String path) {
    NamedFile file = new NamedFile(place, path, REVOCATION_LIST);
    byte[] octets = file.octets();
    return file.checked(() -> revocationLists(octets));
  }

  private static List<X509CRL> revocationLists(byte[] octets) throws GeneralSecurityException {
    if (!isPem(octets)) {
      return List.of(revocationList(octets));
    }
    List<X509CRL> lists = new ArrayList<>();
    for (Pem part : Pem.parse(text(octets))) {
      if (part.label().equals("X509 CRL")) {
        lists.add(revocationList(part.content()));
      }
    }
    if (lists.isEmpty()) {
      throw new IllegalArgumentException("no revocation list");
    }
    return lists;
  }

  private static X509CRL revocationList(byte[] der) throws GeneralSecurityException {
    try {
      return (X509CRL) x509().generateCRL(new ByteArrayInputStream(der));
    } catch (CRLException e) {
      throw new IllegalArgumentException("no revocation list", e);
    }
  }

  /**
   * The certificates of authorities in a PEM file or, with a password, in a PKCS#12 file.
   *
   * @param place where {@code from} stands
   * @throws io.tidegate.core.spi.InvalidSettingsException if it cannot be read, or has none
   */
  List<X509Certificate> authorities(String place, TrustedFile from) {
    if (from.password().isEmpty()) {
      return authorities(place, from.file());
    }
    Checks checks = new Checks();
    String password = passwords.read(from.password().get(), place + ".password", checks);
    NamedFile file = new NamedFile(place, from.file(), TRUSTED);
    byte[] octets = checks.collect(file::octets);
    checks.done();
    return file.checked(() -> storedAuthorities(requireNonNull(octets), password));
  }

  private static List<X509Certificate> storedAuthorities(byte[] octets, String password)
      throws GeneralSecurityException {
    char[] secret = password.toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(octets), secret);
      List<X509Certificate> certificates = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          certificates.add(certificate);
        }
      }
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("no trusted certificate");
      }
      return certificates;
    } catch (IOException e) {
      throw new IllegalArgumentException("no PKCS#12 file of this password", e);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private static List<X509Certificate> certificates(byte[] octets) throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem part : Pem.parse(text(octets))) {
      if (part.label().equals("CERTIFICATE") || part.label().equals("X509 CERTIFICATE")) {
        certificates.add(certificate(part.content()));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no certificate");
    }
    return certificates;
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    try {
      return (X509Certificate) x509().generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate that cannot be decoded", e);
    }
  }

  private static CertificateFactory x509() throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509");
  }

  private static Credentials fromKeyStore(byte[] octets, Optional<String> password)
      throws GeneralSecurityException {
    char[] secret = password.orElse("").toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(octets), secret);
      List<String> keys = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          keys.add(alias);
        }
      }
      if (keys.size() != 1) {
        throw new IllegalArgumentException(keys.size() + " keys");
      }
      return credentials(store, keys.get(0), secret);
    } catch (IOException e) {
      throw new IllegalArgumentException("neither PEM nor a PKCS#12 file of this password", e);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private static Credentials credentials(KeyStore store, String alias, char[] secret)
      throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    Certificate[] chain = store.getCertificateChain(alias);
    for (Certificate one : chain == null ? new Certificate[0] : chain) {
      if (one instanceof X509Certificate certificate) {
        certificates.add(certificate);
      }
    }
    if (!(store.getKey(alias, secret) instanceof PrivateKey key)) {
      throw new IllegalArgumentException("no private key");
    }
    return Credentials.of(key, certificates);
  }

  /** Reads something of a file. */
  private interface Reading<T> {
    T read() throws GeneralSecurityException;
  }

  /**
   * A file.
   *
   * @param place where the setting stands that names it
   * @param path its name
   * @param expected what it should be
   */
  private record NamedFile(String place, String path, String expected) {
    byte[] octets() {
      try {
        return BoundedFile.read(Path.of(path), MOST_OCTETS)
            .orElseThrow(() -> rejected("more than 16 MiB"));
      } catch (IOException | InvalidPathException e) {
        throw rejected("cannot be read");
      }
    }

    <T> T checked(Reading<T> reading) {
      try {
        return reading.read();
      } catch (GeneralSecurityException e) {
        throw rejected("cannot be decoded");
      } catch (IllegalArgumentException e) {
        throw rejected(String.valueOf(e.getMessage()));
      }
    }

    private InvalidSettingsException rejected(String is) {
      return new InvalidSettingsException(
          List.of(place + ": " + path + ": " + is + " (expected: " + expected + ")"));
    }
  }

  private static boolean isPem(byte[] octets) {
    return Pem.isPem(text(octets));
  }

  private static String text(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}
