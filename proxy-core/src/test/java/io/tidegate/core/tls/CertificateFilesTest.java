package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.SecretReader;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.TlsFiles;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateFilesTest {
  @TempDir private Path directory;
  private TlsFiles given;

  private final CertificateFiles files =
      new CertificateFiles((secret, setting, checks) -> secret.text());

  @BeforeEach
  void giveFiles() {
    given = new TlsFiles(directory);
  }

  private Credentials read(Path certificate, @Nullable Path key, @Nullable String password) {
    return files.credentials(
        "own",
        new CertificateSettings(
            certificate.toString(),
            Optional.ofNullable(key).map(Path::toString),
            Optional.ofNullable(password).map(Secret::of)));
  }

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b-rsa.pem       | b-rsa.key           |        | RSA   | CN=b rsa
          b-rsa.pem       | encrypted.key       | secret | RSA   | CN=b rsa
          b-ec.pem        | b-ec.key            |        | EC    | CN=b ec
          chain.pem       | leaf.key            |        | EC    | CN=leaf
          chain.pem       | leaf-parameters.key |        | EC    | CN=leaf
          ed25519.pem     | ed25519.key         |        | EdDSA | CN=ed
          both.pem        |                     |        | EC    | CN=both
          both.pem        | both.pem            |        | EC    | CN=both
          store.p12       |                     | secret | EC    | CN=p12
          expired.pem     | b-ec.key            |        | EC    | CN=expired
          """)
  void aKeyIsReadInEveryCommonForm(
      String certificate,
      @Nullable String key,
      @Nullable String password,
      String algorithm,
      String subject) {
    Credentials read =
        read(given.file(certificate), key == null ? null : given.file(key), password);
    assertEquals(algorithm, read.key().getAlgorithm());
    assertEquals(subject, read.certificate().getSubjectX500Principal().getName());
  }

  @Test
  void aFileOfMoreThanSixteenMebibytesIsNotRead() throws Exception {
    Path file = directory.resolve("long");
    try (RandomAccessFile octets = new RandomAccessFile(file.toFile(), "rw")) {
      octets.setLength((16 << 20) + 1);
    }
    assertEquals(
        List.of(
            "trusted[0]: "
                + file
                + ": more than 16 MiB (expected: a PEM file with certificates, or"
                + " PKCS#12 with its password)"),
        assertThrows(
                InvalidSettingsException.class,
                () -> files.authorities("trusted[0]", file.toString()))
            .problems());
  }

  @Test
  void aChainIsPutInOrderWhateverTheOrderOfTheFile() {
    Credentials read = read(given.file("chain.pem"), given.file("leaf.key"), null);
    assertEquals(
        List.of("CN=leaf", "CN=Test Intermediate", "CN=Test Authority"),
        read.chain().stream().map(one -> one.getSubjectX500Principal().getName()).toList());
  }

  @Test
  void certificatesThatDoNotBelongToTheChainAreLeftOut() throws Exception {
    Path more = directory.resolve("more.pem");
    Files.writeString(
        more, Files.readString(given.file("ca.pem")) + Files.readString(given.file("b-ec.pem")));
    assertEquals(1, read(more, given.file("b-ec.key"), null).chain().size());
  }

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none.pem   | b-ec.key      |       | own: %/none.pem: cannot be read (expected: a PEM file with a certificate, or PKCS#12 with one and its key)
          b-ec.key   | b-ec.key      |       | own: %/b-ec.key: no certificate (expected: a PEM file with a certificate, or PKCS#12 with one and its key)
          b-ec.pem   | none.key      |       | own.key: %/none.key: cannot be read (expected: a PEM file with one private key, for the certificate)
          b-ec.pem   |               |       | own: %/b-ec.pem: no private key (expected: a PEM file with one private key, for the certificate)
          b-ec.pem   | b-rsa.key     |       | own.key: %/b-rsa.key: no certificate for this key (expected: a PEM file with one private key, for the certificate)
          b-ec.pem   | leaf.key      |       | own.key: %/leaf.key: no certificate for this key (expected: a PEM file with one private key, for the certificate)
          b-rsa.pem  | encrypted.key |       | own.key: %/encrypted.key: an encrypted key, and no password (expected: a PEM file with one private key, for the certificate)
          b-rsa.pem  | encrypted.key | wrong | own.key: %/encrypted.key: a key that this password does not decrypt (expected: a PEM file with one private key, for the certificate)
          b-rsa.pem  | old.key       | secret | own.key: %/old.key: encrypted in the way of old (expected: a PEM file with one private key, for the certificate)
          store.p12  |               | wrong | own: %/store.p12: neither PEM nor a PKCS#12 file of this password (expected: a PEM file with a certificate, or PKCS#12 with one and its key)
          store.p12  |               |       | own: %/store.p12: neither PEM nor a PKCS#12 file of this password (expected: a PEM file with a certificate, or PKCS#12 with one and its key)
          ca.crl.der |               |       | own: %/ca.crl.der: neither PEM nor a PKCS#12 file of this password (expected: a PEM file with a certificate, or PKCS#12 with one and its key)
          """)
  void whatIsWrongIsSaidWithItsPlaceAndTheNameOfTheFile(
      String certificate, @Nullable String key, @Nullable String password, String problem) {
    Path first = named(certificate);
    Path second = key == null ? null : named(key);
    assertEquals(
        List.of(problem.replace("%", directory.toString())),
        assertThrows(InvalidSettingsException.class, () -> read(first, second, password))
            .problems());
  }

  @Test
  void everythingThatCannotBeReadIsSaidAtOnce() {
    Path none = directory.resolve("none");
    assertEquals(
        List.of(
            "own.password: file " + none + " (expected: a file in UTF-8 that can be read)",
            "own: "
                + none
                + ": cannot be read (expected: a PEM file with a certificate, or PKCS#12 with one and"
                + " its key)",
            "own.key: "
                + none
                + ": cannot be read (expected: a PEM file with one private key, for the certificate)"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    new CertificateFiles(SecretReader::read)
                        .credentials(
                            "own",
                            new CertificateSettings(
                                none.toString(),
                                Optional.of(none.toString()),
                                Optional.of(Secret.file(none.toString())))))
            .problems());
  }

  private Path named(String name) {
    return name.startsWith("none") ? directory.resolve(name) : given.file(name);
  }

  @Test
  void aFileThatEndsInTheMiddleIsNotRead() throws Exception {
    Path chain = given.file("chain.pem");
    String whole = Files.readString(chain);
    Files.writeString(chain, whole.substring(0, whole.lastIndexOf("-----END")));
    assertEquals(
        List.of(
            "own: "
                + chain
                + ": a part that does not end (expected: a PEM file with a certificate, or PKCS#12"
                + " with one and its key)"),
        assertThrows(
                InvalidSettingsException.class, () -> read(chain, given.file("leaf.key"), null))
            .problems());
  }

  @Test
  void credentialsTellNothingOfTheirKey() {
    Credentials read = read(given.file("b-rsa.pem"), given.file("b-rsa.key"), null);
    assertEquals("credentials of CN=b rsa", read.toString());
  }

  @Test
  void revocationListsAreReadInBothForms() {
    assertEquals(
        files.revocationLists("lists[1]", given.file("ca.crl").toString()),
        files.revocationLists("lists[1]", given.file("ca.crl.der").toString()));
    assertEquals(
        List.of(
            "lists[1]: "
                + given.file("ca.pem")
                + ": no revocation list (expected: a file with a revocation list, PEM or DER)"),
        assertThrows(
                InvalidSettingsException.class,
                () -> files.revocationLists("lists[1]", given.file("ca.pem").toString()))
            .problems());
  }

  /** Octets changed, lost and doubled: it is read, or refused in one sentence without content. */
  @Test
  void damagedFilesAreReadOrRefused() throws Exception {
    byte[] whole = Files.readAllBytes(given.file("both.pem"));
    Random random = new Random(7);
    Path damaged = directory.resolve("damaged.pem");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] octets = whole.clone();
      int at = random.nextInt(octets.length);
      octets[at] = (byte) random.nextInt(256);
      Files.write(damaged, octets);
      try {
        read(damaged, null, null);
      } catch (InvalidSettingsException e) {
        refused++;
        assertEquals(1, e.problems().size());
        assertFalse(e.getMessage().contains(new String(whole, 40, 20, StandardCharsets.US_ASCII)));
      }
    }
    assertEquals(true, refused > 150 && refused < 300, refused + " of 300 refused");
  }
}
