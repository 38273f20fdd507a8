package io.tidegate.examples;

import io.tidegate.core.TlsBuilder;
import io.tidegate.core.spi.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key and a certificate for this machine, made for one demo by the JDK's keytool. */
final class DemoCertificate implements AutoCloseable {
  private static final String PASSWORD_VARIABLE = "TIDEGATE_DEMO_PASSWORD";

  private final Path directory;
  private final Path file;
  private final String password;

  private DemoCertificate(Path directory, String password) {
    this.directory = directory;
    this.file = directory.resolve("demo.p12");
    this.password = password;
  }

  static DemoCertificate make() throws IOException, InterruptedException {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    DemoCertificate made =
        new DemoCertificate(
            Files.createTempDirectory("tidegate-demo"), HexFormat.of().formatHex(random));
    made.runKeytool();
    return made;
  }

  private void runKeytool() throws IOException, InterruptedException {
    String options =
        "-genkeypair -alias demo -keyalg EC -groupname secp256r1 -dname CN=localhost"
            + " -ext SAN=IP:127.0.0.1,DNS:localhost -validity 30 -storetype PKCS12"
            + " -storepass:env ";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of((options + PASSWORD_VARIABLE).split(" ")));
    command.addAll(List.of("-keystore", file.toString()));
    ProcessBuilder keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    keytool.environment().put(PASSWORD_VARIABLE, password);
    Process process = keytool.start();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("keytool could not make a certificate");
    }
  }

  /** Has clients served with it. */
  void apply(TlsBuilder tls) {
    tls.pkcs12(file, Secret.of(password)).noReload();
  }

  /** For clients that trust it and nothing else. */
  SSLContext trusted() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS with the certificate of the demo", e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(directory);
  }
}
