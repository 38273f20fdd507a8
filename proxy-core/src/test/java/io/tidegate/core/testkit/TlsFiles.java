package io.tidegate.core.testkit;

import io.tidegate.core.tls.CertificateFiles;
import io.tidegate.core.tls.CertificateSettings;
import io.tidegate.core.tls.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The keys and certificates beside {@code README.md} in {@code io/tidegate/core/tls}, as files in a
 * directory of a test's own.
 */
public record TlsFiles(Path directory) {
  /** The file of this name, as it is among the resources. */
  public Path file(String name) {
    Path file = directory.resolve(name);
    return Files.exists(file) ? file : put(name, name);
  }

  /** Puts what is called {@code content} among the resources in place of {@code name}, at once. */
  public Path put(String name, String content) {
    Path file = directory.resolve(name);
    try (InputStream in = TlsFiles.class.getResourceAsStream("/io/tidegate/core/tls/" + content)) {
      Path written = Files.createTempFile(directory, "new", null);
      Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
      return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A context for clients that trust everybody and prove themselves with {@code name.pem}. */
  public SSLContext client(String name) {
    Credentials own =
        new CertificateFiles((secret, setting, checks) -> secret.text())
            .credentials(
                name,
                new CertificateSettings(
                    file(name + ".pem").toString(),
                    Optional.of(file(name + ".key").toString()),
                    Optional.empty()));
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      X509Certificate[] chain = own.chain().toArray(X509Certificate[]::new);
      store.setKeyEntry("own", own.key(), new char[0], chain);
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return TlsDialogue.trustful(factory.getKeyManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
