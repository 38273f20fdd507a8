package io.tidegate.forward.auth;

import io.tidegate.core.spi.Authenticator;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says how clients prove who they are. Who cannot is answered with 407 (RFC 9110 §11.7). Several
 * ways can be offered at once: a client certificate counts before what the request says, and
 * clients are told of Bearer, Digest and Basic, in this order.
 */
public final class AuthenticationBuilder {
  private String realm;
  private final Map<String, Secret> users;
  private Optional<String> passwordFile;
  private Optional<String> groupFile;
  private Optional<String> digestFile;
  private boolean digest;
  private Optional<CertificateName> clientCertificates;
  private final List<RequestPattern> exempt;
  private Duration remember;
  private Duration delay;
  private Duration maxDelay;
  private int maxFailures;
  private Duration failureWindow;
  private Duration nonceLifetime;
  private @Nullable CertificateMapper mapper;
  private @Nullable TokenVerifier bearer;
  private @Nullable Authenticator authenticator;

  /** A builder that starts from {@code settings}. */
  public AuthenticationBuilder(AuthenticationSettings settings) {
    this.realm = settings.realm();
    this.users = new HashMap<>(settings.users());
    this.passwordFile = settings.passwordFile();
    this.groupFile = settings.groupFile();
    this.digestFile = settings.digestFile();
    this.digest = settings.digest();
    this.clientCertificates = settings.clientCertificates();
    this.exempt = new ArrayList<>(settings.exempt());
    this.remember = settings.remember();
    this.delay = settings.delay();
    this.maxDelay = settings.maxDelay();
    this.maxFailures = settings.maxFailures();
    this.failureWindow = settings.failureWindow();
    this.nonceLifetime = settings.nonceLifetime();
  }

  /** What users belong to, as their programs show it to them; {@code proxy} unless called. */
  public AuthenticationBuilder realm(String realm) {
    this.realm = realm;
    return this;
  }

  /** Knows this user by this password. Counts before a file that has the name too. */
  public AuthenticationBuilder user(String name, Secret password) {
    users.put(name, password);
    return this;
  }

  /**
   * Knows the users in this file, a line {@code name:hash} for each, as {@code htpasswd -B} writes
   * it: hashes of bcrypt, argon2id ({@code $argon2id$…}) or PBKDF2 ({@code
   * $pbkdf2-sha256$iterations$salt$hash}). The first two need the library {@code
   * org.bouncycastle:bcprov-jdk18on}. A file that changes is read again within seconds; one that is
   * wrong then is reported in the log, and the old content stays.
   */
  public AuthenticationBuilder passwordFile(String path) {
    this.passwordFile = Optional.of(path);
    return this;
  }

  /** Groups of users, a line {@code group: name name …} for each; read again when it changes. */
  public AuthenticationBuilder groupFile(String path) {
    this.groupFile = Optional.of(path);
    return this;
  }

  /**
   * Offers Digest (RFC 7616, SHA-256) to the users in this file, a line {@code name:realm:hash} for
   * each, with the SHA-256 hash of {@code name:realm:password} in hexadecimal digits, and to those
   * of {@link #user}. Those of {@link #passwordFile} cannot use it: their hashes will not do. Read
   * again when it changes.
   */
  public AuthenticationBuilder digestFile(String path) {
    this.digestFile = Optional.of(path);
    return this;
  }

  /** Offers Digest to the users of {@link #user}. */
  public AuthenticationBuilder digest() {
    this.digest = true;
    return this;
  }

  /** Offers Bearer (RFC 6750), and asks {@code verifier} about tokens. Not part of settings. */
  public AuthenticationBuilder bearer(TokenVerifier verifier) {
    this.bearer = verifier;
    return this;
  }

  /**
   * Takes who shows a client certificate for the user it names there; whether it is to be trusted
   * is for the listener to say.
   */
  public AuthenticationBuilder clientCertificates(CertificateName name) {
    this.clientCertificates = Optional.of(name);
    return this;
  }

  /** Takes who shows a client certificate for whom {@code mapper} says. Not part of settings. */
  public AuthenticationBuilder clientCertificates(CertificateMapper mapper) {
    this.mapper = mapper;
    return this;
  }

  /**
   * Asks {@code authenticator} instead of all else but certificates and {@link #exempt}. A failure
   * of it with status 407 is slowed and counted like a wrong password. What SOCKS clients show it
   * is asked about with a request that names no host, see {@link Authenticator}. Not part of
   * settings.
   */
  public AuthenticationBuilder authenticator(Authenticator authenticator) {
    this.authenticator = authenticator;
    return this;
  }

  /** Lets these requests pass without authentication: {@code fromClient("10.0.0.0/8")}. */
  public AuthenticationBuilder exempt(RequestPattern requests) {
    exempt.add(requests);
    return this;
  }

  /**
   * How long a password that was right is not checked again, 0 for not at all; 5 minutes unless
   * called. A change of the password file ends it.
   */
  public AuthenticationBuilder remember(Duration time) {
    this.remember = time;
    return this;
  }

  /**
   * How long the answer to the first failure of a client address is put off, which doubles with
   * each further one, and how long at most; 250 ms and 4 s unless called.
   */
  public AuthenticationBuilder delay(Duration first, Duration most) {
    this.delay = first;
    this.maxDelay = most;
    return this;
  }

  /**
   * The most failures of a client address, or of an IPv6 /64, within a time that begins with the
   * first, 429 beyond; 20 within a minute unless called. Passwords that are remembered go on being
   * taken.
   */
  public AuthenticationBuilder maxFailures(int count, Duration within) {
    this.maxFailures = count;
    this.failureWindow = within;
    return this;
  }

  /**
   * How long a nonce of Digest is good, after which clients get another; 5 minutes unless called.
   */
  public AuthenticationBuilder nonceLifetime(Duration lifetime) {
    this.nonceLifetime = lifetime;
    return this;
  }

  /**
   * What was said so far, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public AuthenticationSettings settings() {
    return new AuthenticationSettings(
        realm,
        users,
        passwordFile,
        groupFile,
        digestFile,
        digest,
        clientCertificates,
        exempt,
        remember,
        delay,
        maxDelay,
        maxFailures,
        failureWindow,
        nonceLifetime);
  }

  /** What was said that is no data. */
  public AuthenticationPlugins plugins() {
    return new AuthenticationPlugins(mapper, bearer, authenticator);
  }
}
