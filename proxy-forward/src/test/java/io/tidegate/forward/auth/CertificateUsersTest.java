package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.Sample;
import io.tidegate.forward.access.NamedCertificate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users whom their certificates name. */
class CertificateUsersTest {
  private static final ClientRequest REQUEST = Sample.get("http://a.example/");

  private final CertificateUsers common = new CertificateUsers(CertificateName.COMMON_NAME);
  private final CertificateUsers alternative =
      new CertificateUsers(CertificateName.ALTERNATIVE_NAME);

  private static Object answer(AuthenticationBuilder builder, ClientRequest request) {
    Checks checks = new Checks();
    Authentication authentication =
        new Authentication(
            builder.settings(),
            builder.plugins(),
            Duration.ofSeconds(1),
            new SecureRandom(),
            Sample.MATCHERS,
            () -> 0,
            new Kept(),
            checks);
    checks.done();
    List<Object> answers = new ArrayList<>();
    authentication.authenticate(
        request,
        new Completion<>() {
          @Override
          public void completed(Identity identity) {
            answers.add(identity);
          }

          @Override
          public void failed(Failure failure) {
            answers.add(failure.status());
          }
        });
    return answers.get(0);
  }

  @ParameterizedTest(name = "{0} names {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=alice                       | alice",
        "CN=alice,OU=dev,O=Example      | alice",
        "CN=\"Doe, Jane\",O=Example     | Doe, Jane",
        "CN=first,CN=second             | first",
        "O=Example                      | ''",
        "CN=' ',O=Example               | ''",
        "CN=*                           | ''",
      })
  void theCommonNameIsTheUser(String subject, String user) {
    Identity found =
        common.identity(new NamedCertificate(subject.replace("' '", "\\20"), List.of()));
    assertEquals(user, found == null ? "" : found.user());
  }

  @Test
  void theFirstAlternativeNameThatIsTextIsTheUser() {
    List<List<?>> names = List.of(List.of(7, "192.0.2.1"), List.of(1, "a@b.example"));
    assertEquals(
        Identity.of("a@b.example"), alternative.identity(new NamedCertificate("CN=x", names)));
    assertEquals(
        Identity.of("spiffe://x/y"),
        alternative.identity(
            new NamedCertificate("CN=x", List.of(List.of(6, "spiffe://x/y"), List.of(2, "z")))));
    assertEquals(null, alternative.identity(new NamedCertificate("CN=x", List.of())));
    assertEquals(
        null, alternative.identity(new NamedCertificate("CN=x", List.of(List.of(2, "a\nb")))));
  }

  @Test
  void aCertificateIsReadOnce() {
    NamedCertificate certificate = new NamedCertificate("CN=alice", List.of());
    assertSame(common.identity(certificate), common.identity(certificate));
  }

  @Test
  void aCertificateCountsBeforeCredentials() {
    AuthenticationBuilder builder =
        new AuthenticationBuilder(AuthenticationSettings.DEFAULT)
            .user("bob", Secret.of("x"))
            .clientCertificates(CertificateName.COMMON_NAME);
    NamedCertificate alice = new NamedCertificate("CN=alice", List.of());
    assertEquals(Identity.of("alice"), answer(builder, Sample.certified(REQUEST, alice)));
    NamedCertificate nobody = new NamedCertificate("O=Example", List.of());
    assertEquals(407, answer(builder, Sample.certified(REQUEST, nobody)));
    assertEquals(407, answer(builder, REQUEST));
  }

  @Test
  void aMapperOfOnesOwnSaysWhoseCertificateItIs() {
    AuthenticationBuilder builder =
        new AuthenticationBuilder(AuthenticationSettings.DEFAULT)
            .clientCertificates(certificate -> Identity.of("serial " + certificate.getVersion()));
    NamedCertificate any = new NamedCertificate("CN=alice", List.of());
    assertEquals(Identity.of("serial 3"), answer(builder, Sample.certified(REQUEST, any)));
    assertEquals(403, answer(builder, REQUEST));
  }
}
