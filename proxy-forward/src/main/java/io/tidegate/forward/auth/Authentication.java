package io.tidegate.forward.auth;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Authenticator;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.auth.KeyedHash.Fingerprint;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who clients are: first by what they need not say, then by the scheme of their
 * credentials (RFC 9110 §11).
 */
public final class Authentication implements Authenticator {
  private static final String BASIC = "Basic ";
  private static final Failure SEVERAL =
      Failure.badRequest(400, "there is more than one Proxy-Authorization field");
  private static final Failure BUSY =
      Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "too many passwords wait to be checked")
          .withStatus(503)
          .with("Retry-After", "5");
  private static final Failure CERTIFICATE = Failure.denied("a client certificate is required");

  private final Exemptions exemptions;
  private final @Nullable CertificateMapper certificates;
  private final @Nullable Authenticator own;
  private final @Nullable TokenVerifier bearer;
  private final boolean basic;
  private final @Nullable DigestCheck digest;
  private final boolean anyScheme;
  private final Challenges challenges;
  private final FailureLimit limit;
  private final KnownUsers known;
  private final AuthenticationWork work;

  /** What failures are counted by. */
  private record LimitPlace(int most, Duration window, Duration delay, Duration maxDelay) {}

  /**
   * Authentication by these; reads the files they name. What was counted and proved stays, as far
   * as it is {@code kept}.
   *
   * @param longestWait how long an answer may be put off at most
   * @param random makes a key that nobody knows
   * @param matchers tell which requests are exempt
   * @param nanoTime like {@link System#nanoTime}
   * @param checks where everything that is wrong with them is noted
   */
  public Authentication(
      AuthenticationSettings settings,
      AuthenticationPlugins plugins,
      Duration longestWait,
      SecureRandom random,
      RequestMatchers matchers,
      LongSupplier nanoTime,
      Kept kept,
      Checks checks) {
    KeyedHash chance = kept.of(KeyedHash.class, "authentication", () -> hash(random));
    this.work = kept.of(AuthenticationWork.class, "authentication", AuthenticationWork::new);
    this.exemptions = new Exemptions(settings.exempt(), matchers);
    this.certificates = certificates(settings, plugins);
    this.own = plugins.authenticator();
    this.bearer = plugins.bearer();
    this.basic = settings.offersBasic();
    Nonces nonces = settings.offersDigest() ? nonces(settings, chance, nanoTime, kept) : null;
    this.digest = nonces == null ? null : new DigestCheck(settings.realm(), nonces, chance);
    this.anyScheme = bearer != null || digest != null || basic;
    this.challenges = new Challenges(bearer != null, nonces, basic, settings.realm());
    LimitPlace failures =
        new LimitPlace(
            settings.maxFailures(),
            settings.failureWindow(),
            shorter(settings.delay(), longestWait),
            shorter(settings.maxDelay(), longestWait));
    this.limit = kept.of(FailureLimit.class, failures, () -> limit(failures, nanoTime));
    this.known = users(settings, chance, nanoTime, kept, checks.at("authentication"));
    check(checks);
  }

  private static KeyedHash hash(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new KeyedHash(key);
  }

  private static Nonces nonces(
      AuthenticationSettings settings, KeyedHash chance, LongSupplier nanoTime, Kept kept) {
    Duration lifetime = settings.nonceLifetime();
    return kept.of(Nonces.class, lifetime, () -> new Nonces(chance, lifetime, nanoTime));
  }

  private static FailureLimit limit(LimitPlace of, LongSupplier nanoTime) {
    return new FailureLimit(of.most(), of.window(), of.delay(), of.maxDelay(), nanoTime);
  }

  /** Those whom these settings name; if they are kept, they are read again. */
  private KnownUsers users(
      AuthenticationSettings settings,
      KeyedHash chance,
      LongSupplier nanoTime,
      Kept kept,
      Checks checks) {
    boolean[] fresh = new boolean[1];
    KnownUsers users =
        kept.of(
            KnownUsers.class,
            settings.ofUsers(),
            () -> {
              fresh[0] = true;
              return new KnownUsers(settings.ofUsers(), chance, nanoTime, work, checks);
            });
    if (!fresh[0]) {
      KnownUsers.Read read = users.readAgain(checks);
      kept.change(() -> users.become(read));
    }
    return users;
  }

  private static @Nullable CertificateMapper certificates(
      AuthenticationSettings settings, AuthenticationPlugins plugins) {
    CertificateMapper given = plugins.certificates();
    return given != null
        ? given
        : settings.clientCertificates().map(CertificateUsers::new).orElse(null);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void check(Checks checks) {
    if (checks.passed() && own == null && certificates == null && !anyScheme) {
      checks.reject(
          "authentication",
          "nothing to authenticate with",
          "a user, passwordFile, digestFile, bearer, clientCertificates or authenticator");
    }
    if (own != null && anyScheme) {
      checks.reject(
          "authentication",
          "an authenticator beside others",
          "neither users nor files nor bearer beside it");
    }
  }

  /** What is done beside: files are read again when they change. */
  public List<Background> background() {
    return List.of(work, known);
  }

  @Override
  public void authenticate(ClientRequest request, Completion<Identity> completion) {
    if (exemptions.exempt(request)) {
      completion.completed(Identity.ANONYMOUS);
      return;
    }
    Identity shown = certified(request);
    if (shown != null) {
      completion.completed(shown);
      return;
    }
    Fields fields = request.head().fields();
    int line = fields.indexOf(FieldName.PROXY_AUTHORIZATION, 0);
    if (line >= 0 && fields.indexOf(FieldName.PROXY_AUTHORIZATION, line + 1) >= 0) {
      completion.failed(SEVERAL);
    } else if (own != null) {
      ask(own, request, line >= 0, completion);
    } else if (line < 0) {
      completion.failed(missing());
    } else {
      check(fields.value(line), request, completion);
    }
  }

  /** Whose certificate the client has shown, or null. */
  private @Nullable Identity certified(ClientRequest request) {
    List<X509Certificate> chain = request.certificates();
    return certificates == null || chain.isEmpty() ? null : certificates.identity(chain.get(0));
  }

  private void ask(
      Authenticator somebody, ClientRequest request, boolean tries, Completion<Identity> asker) {
    if (!tries) {
      somebody.authenticate(request, asker);
      return;
    }
    Attempt attempt = new Attempt(request, asker);
    if (attempt.mayTry()) {
      somebody.authenticate(request, attempt);
    }
  }

  private Failure missing() {
    return anyScheme ? challenges.missing() : CERTIFICATE;
  }

  private void check(String value, ClientRequest request, Completion<Identity> completion) {
    if (basic && value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      checkBasic(value, request, completion);
      return;
    }
    Credentials credentials = Credentials.parse(value);
    String scheme = credentials == null ? "" : credentials.scheme();
    if (credentials != null && bearer != null && scheme.equals("bearer")) {
      checkToken(bearer, credentials, request, completion);
    } else if (credentials != null && digest != null && scheme.equals("digest")) {
      checkDigest(digest, credentials, request, completion);
    } else {
      completion.failed(missing()); // nothing was guessed
    }
  }

  private void checkBasic(String value, ClientRequest request, Completion<Identity> completion) {
    PasswordCheck passwords = known.passwords();
    Fingerprint fingerprint = passwords.fingerprint(Ascii.octets(value));
    Identity remembered = passwords.remembered(fingerprint);
    if (remembered != null) {
      completion.completed(remembered);
      return;
    }
    Attempt attempt = new Attempt(request, completion);
    Credentials credentials = Credentials.parse(value);
    BasicCredentials given =
        credentials == null ? null : BasicCredentials.parse(credentials.token());
    if (!passwords.isProven(fingerprint) && !attempt.mayTry()) {
      return;
    }
    if (given == null) {
      attempt.failed(challenges.wrong());
    } else {
      passwords.check(fingerprint, given, attempt);
    }
  }

  private void checkDigest(
      DigestCheck check,
      Credentials credentials,
      ClientRequest request,
      Completion<Identity> completion) {
    Attempt attempt = new Attempt(request, completion);
    if (!check.isProven(credentials) && !attempt.mayTry()) {
      return;
    }
    DigestCheck.Outcome outcome = check.check(request, credentials, known::digests);
    if (outcome.identity() != null) {
      completion.completed(outcome.identity());
    } else if (outcome.stale()) {
      completion.failed(challenges.stale());
    } else {
      attempt.failed(challenges.wrong());
    }
  }

  private void checkToken(
      TokenVerifier verifier,
      Credentials credentials,
      ClientRequest request,
      Completion<Identity> completion) {
    Attempt attempt = new Attempt(request, completion);
    if (!attempt.mayTry()) {
      return;
    }
    if (credentials.token().isEmpty()) {
      attempt.failed(challenges.wrongToken());
      return;
    }
    verifier.verify(
        credentials.token(),
        request,
        new Completion<>() {
          @Override
          public void completed(Identity identity) {
            attempt.completed(identity);
          }

          @Override
          public void failed(Failure failure) {
            attempt.failed(failure.status() == 407 ? challenges.wrongToken() : failure);
          }
        });
  }

  /** A client says who it is, and may be wrong. */
  private final class Attempt implements Completion<Identity>, PasswordCheck.Waiting {
    private final InetAddress client;
    private final Completion<Identity> asker;

    Attempt(ClientRequest request, Completion<Identity> asker) {
      this.client = request.clientAddress().getAddress();
      this.asker = asker;
    }

    /** Whether the client has not failed too often; if it has, that is the answer. */
    boolean mayTry() {
      boolean may = isWanted();
      if (!may) {
        lockedOut();
      }
      return may;
    }

    @Override
    public void completed(Identity identity) {
      asker.completed(identity);
    }

    @Override
    public void failed(Failure failure) {
      if (failure.status() == 407) {
        limit.count(client);
        putOff(failure);
      } else {
        asker.failed(failure);
      }
    }

    @Override
    public InetAddress client() {
      return client;
    }

    @Override
    public boolean isWanted() {
      return limit.retryAfter(client) == 0;
    }

    @Override
    public void right(Identity identity) {
      limit.succeeded(client);
      asker.completed(identity);
    }

    @Override
    public void wrong(boolean counts) {
      if (counts) {
        limit.count(client);
      }
      putOff(challenges.wrong());
    }

    @Override
    public void lockedOut() {
      long seconds = Math.max(1, limit.retryAfter(client)); // it may have ended just now
      asker.failed(
          Failure.denied("too many attempts to authenticate have failed")
              .withStatus(429)
              .with("Retry-After", Long.toString(seconds)));
    }

    @Override
    public void notDone() {
      asker.failed(BUSY);
    }

    /** Answers when the client has waited for it; no thread does. */
    private void putOff(Failure failure) {
      Upstreams upstreams = work.timers();
      Duration delay = limit.delay(client);
      if (upstreams == null || delay.isZero()) {
        asker.failed(failure);
      } else {
        upstreams.run(() -> upstreams.after(delay, () -> asker.failed(failure)));
      }
    }
  }
}
