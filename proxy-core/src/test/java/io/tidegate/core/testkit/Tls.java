package io.tidegate.core.testkit;

import io.tidegate.core.SecretReader;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.CertificateFiles;
import io.tidegate.core.tls.CertificateSettings;
import io.tidegate.core.tls.Credentials;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/*
 * The two key stores hold self-signed certificates, valid for 100 years, made with:
 *   keytool -genkeypair -alias server -keyalg EC -groupname secp256r1 -validity 36500 -dname CN=localhost
 *     -ext san=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1
 *     -storetype PKCS12 -keystore localhost.p12 -storepass changeit
 * and the same with wrong.test alone.
 */
/** TLS contexts for tests. The keys are public: they protect nothing. */
public final class Tls {
  /** The password of both key stores. */
  public static final String PASSWORD = "changeit";

  private Tls() {}

  /** A server that is {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
  public static SSLContext server() {
    return context(keyStore("localhost.p12"), null);
  }

  /** What {@link #server} proves itself with. */
  public static KeyManager[] serverKeys() {
    try {
      return keyManagers(keyStore("localhost.p12"));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What {@link #client} trusts. */
  public static TrustManager[] clientTrust() {
    return trust("localhost.p12");
  }

  /** What {@link #wrongHostClient} trusts. */
  public static TrustManager[] wrongHostTrust() {
    return trust("wrong.test.p12");
  }

  private static TrustManager[] trust(String store) {
    try {
      return trustManagers(keyStore(store));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same; {@code used} is run whenever its key is used. */
  public static SSLContext server(Runnable used) {
    try {
      KeyManager[] keys = keyManagers(keyStore("localhost.p12"));
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] observed = {new ObservedKeys((X509ExtendedKeyManager) keys[0], used)};
      context.init(observed, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A server that is {@code wrong.test} and nothing else. */
  public static SSLContext wrongHostServer() {
    return context(keyStore("wrong.test.p12"), null);
  }

  /** A client that trusts the certificate of {@link #server} and no other. */
  public static SSLContext client() {
    return context(null, keyStore("localhost.p12"));
  }

  /** A client that trusts the certificate of {@link #wrongHostServer} and no other. */
  public static SSLContext wrongHostClient() {
    return context(null, keyStore("wrong.test.p12"));
  }

  /** Makes trust and keys from settings; where nothing is said, like {@link #client}. */
  public static UpstreamTlsSources sources() {
    CertificateFiles files = new CertificateFiles(SecretReader::read);
    return new UpstreamTlsSources(
        files, Optional.empty(), "tls", UpstreamTls.of(client()), new Kept(), new Checks());
  }

  /** A server with a certificate that ended in 2001, of {@code expired-ca.pem}. */
  public static SSLContext expiredServer(Path directory) {
    CertificateFiles files = new CertificateFiles(SecretReader::read);
    String certificate = file("expired.pem", directory).toString();
    Optional<String> key = Optional.of(file("expired.key", directory).toString());
    Credentials own =
        files.credentials("own", new CertificateSettings(certificate, key, Optional.empty()));
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      Certificate[] chain = own.chain().toArray(Certificate[]::new);
      keys.setKeyEntry("server", own.key(), PASSWORD.toCharArray(), chain);
      return context(keys, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same as {@link #server}; it believes clients that have its own key and certificate. */
  public static SSLContext serverOfItself() {
    return context(keyStore("localhost.p12"), keyStore("localhost.p12"));
  }

  /** Puts the file of this name, which lies beside this class, into {@code directory}. */
  public static Path file(String name, Path directory) {
    Path file = directory.resolve(name);
    try (InputStream in = Tls.class.getResourceAsStream(name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the certificate in the key store of this name into {@code directory}, as a PEM file. */
  public static Path pem(String keyStore, Path directory) {
    try {
      byte[] der = keyStore(keyStore).getCertificate("server").getEncoded();
      String text =
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
              + "\n-----END CERTIFICATE-----\n";
      return Files.writeString(directory.resolve(keyStore + ".pem"), text);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLContext context(@Nullable KeyStore keys, @Nullable KeyStore trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? null : keyManagers(keys),
          trusted == null ? null : trustManagers(trusted),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyManager[] keyManagers(KeyStore keys) throws GeneralSecurityException {
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    return factory.getKeyManagers();
  }

  private static TrustManager[] trustManagers(KeyStore store) throws GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try {
      trusted.load(null, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static KeyStore keyStore(String name) {
    try (InputStream in = Tls.class.getResourceAsStream(name)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError("key store " + name, e);
    }
  }
}
