package io.tidegate.forward.egress;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.forward.access.RequestPattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Parent proxies that some requests go through.
 *
 * @param name what they are called
 * @param requests which requests; all if there are none
 * @param proxies where they are, the first choice first
 * @param user whom they know us as
 * @param password the password of that user
 * @param resolveNames whether names of destinations are looked up and checked here
 * @param pause how long one that has failed is left out
 * @param checkInterval how often it is tried whether a connection can be made; never if empty
 * @param tls how TLS is spoken to those with https; as the proxy does if empty
 */
public record ParentSettings(
    String name,
    List<RequestPattern> requests,
    List<String> proxies,
    Optional<String> user,
    Optional<Secret> password,
    boolean resolveNames,
    PauseSettings pause,
    Optional<Duration> checkInterval,
    Optional<UpstreamTlsSettings> tls) {
  /** Longer ones fit no SOCKS message (RFC 1929 §2). */
  static final int LONGEST_CREDENTIAL = 255;

  /**
   * Copies the lists.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that cannot work
   */
  public ParentSettings {
    requests = List.copyOf(requests);
    proxies = List.copyOf(proxies);

    Checks checks = new Checks();
    String at = "parent " + name + ": ";
    if (name.isBlank()) {
      checks.reject("parent", name, "a name");
    }
    if (proxies.isEmpty()) {
      checks.reject(at + "proxies", proxies, "at least one");
    }
    for (String proxy : proxies) {
      if (ParentUri.parse(proxy, null) == null) {
        checks.reject(at + "proxy", withoutCredentials(proxy), ParentUri.EXPECTED);
      }
    }
    requests.forEach(pattern -> pattern.check(checks, at + "requests"));
    if (user.isPresent() && !isUser(user.get())) {
      // Not what it is: some write the password behind it.
      checks.reject(at + "user", "a value", "1 to 255 octets, no colon, no control characters");
    }
    if (password.isPresent() && user.isEmpty()) {
      checks.reject(at + "user", "none", "one, as there is a password");
    }
    if (tls.isPresent() && proxies.stream().noneMatch(ParentSettings::isTls)) {
      checks.reject(at + "tls", "details", "a proxy with https");
    }
    checkInterval.ifPresent(interval -> checks.duration(at + "checkInterval", interval));
    checks.done();
  }

  private static boolean isTls(String proxy) {
    Parent parent = ParentUri.parse(proxy, null);
    return parent == null || parent.kind() == Parent.Kind.HTTPS; // what is none is told already
  }

  /** A user name and a password in a URI would be printed with it. */
  private static String withoutCredentials(String uri) {
    int at = uri.lastIndexOf('@');
    return at < 0 ? uri : "…" + uri.substring(at);
  }

  private static boolean isUser(String user) {
    return !user.isEmpty()
        && user.getBytes(StandardCharsets.UTF_8).length <= LONGEST_CREDENTIAL
        && user.chars().allMatch(c -> c >= ' ' && c != 0x7f && c != ':');
  }

  /** Whether one of them is reached over TLS. */
  boolean speaksTls() {
    return proxies.stream().anyMatch(ParentSettings::isTls);
  }

  /** The parent proxies, without credentials. */
  List<Parent> parents() {
    return proxies.stream().map(uri -> ParentUri.parse(uri, null)).toList();
  }
}
