package io.tidegate.reverse.protect;

import java.time.Duration;
import java.util.Optional;

/** Says which fields tell browsers to be careful. None is sent unless called. */
public final class SecurityFieldBuilder {
  private Optional<String> strictTransportSecurity = Optional.empty();
  private boolean noSniff;
  private Optional<String> frameAncestors = Optional.empty();
  private Optional<String> referrerPolicy = Optional.empty();
  private Optional<String> permissionsPolicy = Optional.empty();
  private Optional<String> openerPolicy = Optional.empty();
  private Optional<String> embedderPolicy = Optional.empty();
  private Optional<String> resourcePolicy = Optional.empty();
  private boolean overwrite;

  SecurityFieldBuilder() {}

  /** Takes over what {@code settings} say. */
  void settings(SecurityFieldSettings settings) {
    this.strictTransportSecurity = settings.strictTransportSecurity();
    this.noSniff = settings.noSniff();
    this.frameAncestors = settings.frameAncestors();
    this.referrerPolicy = settings.referrerPolicy();
    this.permissionsPolicy = settings.permissionsPolicy();
    this.openerPolicy = settings.openerPolicy();
    this.embedderPolicy = settings.embedderPolicy();
    this.resourcePolicy = settings.resourcePolicy();
    this.overwrite = settings.overwrite();
  }

  /**
   * What suits most sites: {@code nosniff}, frames on the same origin only, and {@code
   * strict-origin-when-cross-origin} as Referrer-Policy.
   */
  public SecurityFieldBuilder usual() {
    return noSniff().frameAncestors("'self'").referrerPolicy("strict-origin-when-cross-origin");
  }

  /**
   * Strict-Transport-Security (RFC 6797): for {@code maxAge} browsers will ask by TLS only. Sent on
   * TLS connections only. Before it is set for subdomains all of them must speak TLS.
   */
  public SecurityFieldBuilder strictTransportSecurity(Duration maxAge, boolean subdomains) {
    String age = "max-age=" + maxAge.toSeconds();
    this.strictTransportSecurity = Optional.of(subdomains ? age + "; includeSubDomains" : age);
    return this;
  }

  /**
   * Strict-Transport-Security for two years, for subdomains too, with leave for browsers to have
   * the host built in ({@code preload}): that is hard to take back.
   */
  public SecurityFieldBuilder preloadedStrictTransportSecurity() {
    this.strictTransportSecurity = Optional.of("max-age=63072000; includeSubDomains; preload");
    return this;
  }

  /** X-Content-Type-Options: browsers must not guess what content is. */
  public SecurityFieldBuilder noSniff() {
    this.noSniff = true;
    return this;
  }

  /**
   * Who may show pages in a frame: {@code 'none'}, {@code 'self'}, or sources with spaces between
   * them, as in {@code frame-ancestors} of Content-Security-Policy. The first two are also told in
   * X-Frame-Options, for old browsers.
   */
  public SecurityFieldBuilder frameAncestors(String sources) {
    this.frameAncestors = Optional.of(sources);
    return this;
  }

  /** Referrer-Policy. */
  public SecurityFieldBuilder referrerPolicy(String value) {
    this.referrerPolicy = Optional.of(value);
    return this;
  }

  /** Permissions-Policy. */
  public SecurityFieldBuilder permissionsPolicy(String value) {
    this.permissionsPolicy = Optional.of(value);
    return this;
  }

  /** Cross-Origin-Opener-Policy. */
  public SecurityFieldBuilder openerPolicy(String value) {
    this.openerPolicy = Optional.of(value);
    return this;
  }

  /** Cross-Origin-Embedder-Policy. */
  public SecurityFieldBuilder embedderPolicy(String value) {
    this.embedderPolicy = Optional.of(value);
    return this;
  }

  /** Cross-Origin-Resource-Policy. */
  public SecurityFieldBuilder resourcePolicy(String value) {
    this.resourcePolicy = Optional.of(value);
    return this;
  }

  /** Replaces what the application set; without this, that stays. */
  public SecurityFieldBuilder overwrite() {
    this.overwrite = true;
    return this;
  }

  SecurityFieldSettings settings() {
    return new SecurityFieldSettings(
        strictTransportSecurity,
        noSniff,
        frameAncestors,
        referrerPolicy,
        permissionsPolicy,
        openerPolicy,
        embedderPolicy,
        resourcePolicy,
        overwrite);
  }
}
