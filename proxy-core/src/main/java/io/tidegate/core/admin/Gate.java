package io.tidegate.core.admin;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may ask for what. A request that changes something is safe against a page of another
 * origin that has it made by a browser, by several of these on its own: the token is in a field
 * that no browser adds by itself and no other origin may set; Sec-Fetch-Site and Origin have to say
 * that it comes from the page; its content has to be JSON, which asks us first.
 */
final class Gate {
  /** Why a request is refused. */
  record Refusal(int status, String detail, @Nullable String field, @Nullable String value) {
    Refusal(int status, String detail) {
      this(status, detail, null, null);
    }
  }

  /** What of a request counts. A field that is repeated has its values joined by commas. */
  interface Request {
    /** Where the connection comes from. */
    InetAddress client();

    /** The value of a field, or null. */
    @Nullable String field(String name);
  }

  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
  private static final String SCHEME = "Bearer ";

  private final AdminSettings settings;
  private volatile byte @Nullable [] token;
  private final FailedTokens failed;

  /** Lets those pass who know {@code token}; everybody if it is empty. */
  Gate(AdminSettings settings, String token, LongSupplier nanoTime) {
    this.settings = settings;
    this.token = digestOf(token);
    this.failed = new FailedTokens(nanoTime);
  }

  /** From now on, {@code token} is what clients have to know. */
  void change(String token) {
    this.token = digestOf(token);
  }

  private static byte @Nullable [] digestOf(String token) {
    return token.isEmpty() ? null : digest(token);
  }

  /** Whether {@code client} may ask at all. */
  boolean knows(InetAddress client) {
    List<AddressRange> known = settings.clients();
    return known.isEmpty()
        ? client.isLoopbackAddress()
        : known.stream().anyMatch(range -> range.contains(client));
  }

  /** What is asked of every request: that it is for a host of ours. */
  Optional<Refusal> atAll(Request request) {
    return isOurHost(request.field("Host"))
        ? Optional.empty()
        : Optional.of(new Refusal(421, "Host is none of the names of this listener"));
  }

  /**
   * A name that somebody else owns may lead to us, and a page of that name would have our origin.
   * An address cannot be made to lead elsewhere.
   */
  private boolean isOurHost(@Nullable String field) {
    Authority authority = field == null ? null : Authority.parseOrNull(field);
    if (authority == null) {
      return false;
    }
    String host = authority.bareHost();
    return Ip.parse(host) != null
        || host.equalsIgnoreCase("localhost")
        || settings.hosts().stream().anyMatch(host::equalsIgnoreCase);
  }

  /** What is asked of who wants to know or to change something. */
  Optional<Refusal> atResources(Request request) {
    if (!isFromOurPage(request)) {
      return Optional.of(new Refusal(403, "the request was made by a page of another origin"));
    }
    byte[] expected = token;
    return expected == null ? Optional.empty() : withoutToken(request, expected);
  }

  /** Those that no browser made have neither field. */
  private static boolean isFromOurPage(Request request) {
    String site = request.field("Sec-Fetch-Site");
    String origin = request.field("Origin");
    String host = request.field("Host");
    return (site == null || OWN_SITES.contains(site))
        && (origin == null
            || origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  /** What is asked of a request with content, besides; {@code changes} if it changes something. */
  Optional<Refusal> atContent(Request request, boolean changes) {
    if (changes && settings.readOnly()) {
      return Optional.of(new Refusal(403, "this listener changes nothing (readOnly)"));
    }
    String type = request.field("Content-Type");
    String media = type == null ? "" : type.split(";", 2)[0].strip();
    return media.equalsIgnoreCase("application/json")
        ? Optional.empty()
        : Optional.of(new Refusal(415, "the content has to be application/json"));
  }

  private Optional<Refusal> withoutToken(Request request, byte[] expected) {
    String given = given(request.field("Authorization"));
    if (given == null) {
      return Optional.of(unauthorized("a token is needed"));
    }
    if (MessageDigest.isEqual(digest(given), expected)) {
      return Optional.empty();
    }
    return Optional.of(wrong(request.client()));
  }

  /**
   * Whoever has the right one is not kept out by others behind their address: a token is too long
   * to be guessed at any speed.
   */
  private Refusal wrong(InetAddress client) {
    long wait = failed.retryAfter(client);
    if (wait > 0) {
      return new Refusal(429, "too many wrong tokens", "Retry-After", Long.toString(wait));
    }
    failed.count(client);
    return unauthorized("the token is wrong");
  }

  private static Refusal unauthorized(String detail) {
    return new Refusal(401, detail, "WWW-Authenticate", "Bearer realm=\"tidegate\"");
  }

  private static @Nullable String given(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    return authorization.substring(SCHEME.length()).strip();
  }

  /** Of equal length whatever the token is, so that comparing takes the same time for all. */
  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every platform has it
    }
  }
}
