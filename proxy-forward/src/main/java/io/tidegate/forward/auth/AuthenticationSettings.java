package io.tidegate.forward.auth;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.access.RequestPattern;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How clients say who they are, as data.
 *
 * @param realm what the users of this proxy belong to, as clients are told (RFC 9110 §11.5)
 * @param users passwords by the names of their users
 * @param passwordFile a file of names and hashes of passwords
 * @param groupFile a file of groups and the names in them
 * @param digestFile a file of names, realms and hashes for Digest
 * @param digest whether Digest is offered to {@code users} without a file
 * @param clientCertificates where in a client certificate the name stands; empty to ignore them
 * @param exempt requests of which nobody need say whose they are
 * @param remember how long a password that was right need not be checked again
 * @param delay how long the answer to a first wrong password is put off; doubles with each
 * @param maxDelay how long an answer is put off at most
 * @param maxFailures how many failures a client address may have within {@code failureWindow}
 * @param failureWindow how long a failure counts
 * @param nonceLifetime how long a nonce of Digest is good
 */
public record AuthenticationSettings(
    String realm,
    Map<String, Secret> users,
    Optional<String> passwordFile,
    Optional<String> groupFile,
    Optional<String> digestFile,
    boolean digest,
    Optional<CertificateName> clientCertificates,
    List<RequestPattern> exempt,
    Duration remember,
    Duration delay,
    Duration maxDelay,
    int maxFailures,
    Duration failureWindow,
    Duration nonceLifetime) {
  /** Nobody is known. */
  public static final AuthenticationSettings DEFAULT =
      new AuthenticationSettings(
          "proxy",
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          List.of(),
          Duration.ofMinutes(5),
          Duration.ofMillis(250),
          Duration.ofSeconds(4),
          20,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5));

  private static final String NAME = "a name without colons and control characters, other than *";

  /**
   * Copies the collections; rejects what cannot work.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public AuthenticationSettings {
    users = Collections.unmodifiableMap(new TreeMap<>(users)); // written in the same order always
    exempt = List.copyOf(exempt);
    Checks checks = new Checks();
    if (realm.isEmpty() || !realm.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      checks.reject("authentication: realm", realm, "visible characters of ASCII");
    }
    users.keySet().forEach(name -> checkName(name, checks));
    checkPath("passwordFile", passwordFile, checks);
    checkPath("groupFile", groupFile, checks);
    checkPath("digestFile", digestFile, checks);
    if (digest && users.isEmpty() && digestFile.isEmpty()) {
      checks.reject("authentication: digest", true, "a user, or a digestFile");
    }
    exempt.forEach(pattern -> pattern.check(checks, "authentication: exempt"));
    if (!remember.isZero()) {
      checks.duration("authentication: remember", remember);
    }
    if (!delay.isZero()) {
      checks.duration("authentication: delay", delay);
    }
    if (maxDelay.compareTo(delay) < 0 || maxDelay.compareTo(Duration.ofMinutes(1)) > 0) {
      checks.reject("authentication: maxDelay", maxDelay, "at least delay, at most PT1M");
    }
    checks.atLeast("authentication: maxFailures", maxFailures, 1);
    checks.duration("authentication: failureWindow", failureWindow);
    checks.duration("authentication: nonceLifetime", nonceLifetime);
    checks.done();
  }

  private static void checkName(String name, Checks checks) {
    try {
      UserLines.checked(name);
    } catch (IllegalArgumentException e) {
      checks.reject("authentication: user", Ascii.isTarget(name) ? name : "a name", NAME);
    }
  }

  private static void checkPath(String name, Optional<String> path, Checks checks) {
    if (path.isPresent() && !isPath(path.get())) {
      checks.reject("authentication: " + name, path.get(), "a path");
    }
  }

  private static boolean isPath(String text) {
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  boolean offersBasic() {
    return passwordFile.isPresent() || !users.isEmpty();
  }

  boolean offersDigest() {
    return digest || digestFile.isPresent();
  }

  /** Whether everybody may do anything without saying who they are. */
  public boolean exemptsEveryone() {
    return exempt.stream().anyMatch(RequestPattern::isOpen);
  }

  /** As much of it as tells who the users are, and for how long that need not be proved again. */
  AuthenticationSettings ofUsers() {
    return new AuthenticationSettings(
        realm,
        users,
        passwordFile,
        groupFile,
        digestFile,
        false,
        Optional.empty(),
        List.of(),
        remember,
        DEFAULT.delay,
        DEFAULT.maxDelay,
        DEFAULT.maxFailures,
        DEFAULT.failureWindow,
        DEFAULT.nonceLifetime);
  }
}
