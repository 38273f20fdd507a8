package io.tidegate.forward.auth;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.ForwardProxySettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AuthenticationSettingsTest {
  private static ForwardProxy.Builder proxy(Consumer<AuthenticationBuilder> details) {
    return ForwardProxy.builder().authentication(details);
  }

  private static List<String> problems(Consumer<AuthenticationBuilder> details) {
    return assertThrows(InvalidSettingsException.class, () -> proxy(details).build()).problems();
  }

  @Test
  void nothingIsLostBetweenBuilderAndSettings() {
    ForwardProxySettings all =
        proxy(
                a ->
                    a.realm("egress")
                        .user("a", Secret.environment("A"))
                        .passwordFile("users")
                        .groupFile("groups")
                        .digestFile("digests")
                        .digest()
                        .clientCertificates(CertificateName.ALTERNATIVE_NAME)
                        .exempt(fromClient("10.0.0.0/8"))
                        .remember(Duration.ZERO)
                        .delay(Duration.ZERO, Duration.ofSeconds(9))
                        .maxFailures(7, Duration.ofHours(1))
                        .nonceLifetime(Duration.ofSeconds(8)))
            .settings();
    assertEquals(all, ForwardProxy.builder(all).settings());
    AuthenticationSettings settings = all.authentication().orElseThrow();
    assertEquals("egress", settings.realm());
    assertEquals(Secret.environment("A"), settings.users().get("a"));
    assertEquals(Duration.ofSeconds(9), settings.maxDelay());
    assertEquals(Duration.ofHours(1), settings.failureWindow());
    assertEquals(7, settings.maxFailures());
  }

  @Test
  void passwordsAreNotInTheText() {
    ForwardProxySettings settings = proxy(a -> a.user("alice", Secret.of("hidden"))).settings();
    assertFalse(settings.toString().contains("hidden"), settings.toString());
  }

  @Test
  void whatCannotWorkIsReportedAtOnce() {
    assertEquals(
        List.of(
            "authentication: realm: ü (expected: visible characters of ASCII)",
            "authentication: user: * (expected: a name without colons and control characters, other"
                + " than *)",
            "authentication: user: a:b (expected: a name without colons and control characters, other"
                + " than *)",
            "authentication: passwordFile:  (expected: a path)",
            "authentication: exempt port: 0 (expected: 1 to 65535)",
            "authentication: remember: PT-1S (expected: more than 0, at most 365 days)",
            "authentication: delay: PT-1S (expected: more than 0, at most 365 days)",
            "authentication: maxDelay: PT1M0.001S (expected: at least delay, at most PT1M)",
            "authentication: maxFailures: 0 (expected: >= 1)",
            "authentication: failureWindow: PT0S (expected: more than 0, at most 365 days)",
            "authentication: nonceLifetime: PT0S (expected: more than 0, at most 365 days)"),
        problems(
            a ->
                a.realm("ü")
                    .user("a:b", Secret.of("x"))
                    .user("*", Secret.of("x"))
                    .passwordFile("")
                    .exempt(to("a").port(0))
                    .remember(Duration.ofSeconds(-1))
                    .delay(Duration.ofSeconds(-1), Duration.ofMillis(60_001))
                    .maxFailures(0, Duration.ZERO)
                    .nonceLifetime(Duration.ZERO)));
  }

  @Test
  void wrongAuthenticationIsReportedWithTheRest() {
    ForwardProxy.Builder builder =
        proxy(a -> a.realm("")).maxFields(1).connectPorts(-1).listen("0.0.0.0", 0);
    assertEquals(3, assertThrows(InvalidSettingsException.class, builder::build).problems().size());
  }

  @Test
  void thereMustBeAWayToAuthenticate() {
    assertEquals(
        List.of(
            "authentication: nothing to authenticate with (expected: a user, passwordFile,"
                + " digestFile, bearer, clientCertificates or authenticator)"),
        problems(a -> a.realm("x")));
    assertDoesNotThrow(
        () -> proxy(a -> a.bearer((t, r, c) -> c.completed(Identity.of("a")))).build());
  }

  @Test
  void digestNeedsSecretsToCheckWith() {
    assertEquals(
        List.of("authentication: digest: true (expected: a user, or a digestFile)"),
        problems(a -> a.digest().bearer((t, r, c) -> c.completed(Identity.of("a")))));
  }

  @Test
  void anAuthenticatorOfOnesOwnStandsAlone() {
    assertEquals(
        List.of(
            "authentication: an authenticator beside others (expected: neither users nor files"
                + " nor bearer beside it)"),
        problems(
            a ->
                a.user("a", Secret.of("b"))
                    .authenticator((r, c) -> c.completed(Identity.ANONYMOUS))));
  }

  @Test
  void aFileThatWillNotDoStopsTheBuild() {
    assertEquals(
        List.of(
            "authentication.passwordFile: /nowhere/users: cannot be read (expected: a file that"
                + " can)"),
        problems(a -> a.passwordFile("/nowhere/users")));
  }

  @Test
  void withAuthenticationAProxyMayListenAnywhere() {
    assertDoesNotThrow(() -> proxy(a -> a.user("a", Secret.of("b"))).listen("0.0.0.0", 0).build());
    assertThrows(
        InvalidSettingsException.class,
        () -> proxy(a -> a.user("a", Secret.of("b")).exempt(any())).listen("0.0.0.0", 0).build());
  }
}
