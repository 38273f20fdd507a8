package io.tidegate.forward.privacy;

import io.tidegate.core.header.ForwardedMode;
import java.util.Optional;

/** Says what upstreams are told about clients. */
public final class PrivacyBuilder {
  private Anonymity anonymity = PrivacySettings.DEFAULT.anonymity();
  private ForwardedMode forwarded = PrivacySettings.DEFAULT.forwarded();
  private boolean keepForwardedFields;
  private RefererRule referer = PrivacySettings.DEFAULT.referer();
  private Optional<String> userAgent = PrivacySettings.DEFAULT.userAgent();
  private boolean removeClientHints;

  /** Says what is so unless told otherwise. */
  public PrivacyBuilder() {}

  /** Says what {@code settings} say. */
  public PrivacyBuilder settings(PrivacySettings settings) {
    this.anonymity = settings.anonymity();
    this.forwarded = settings.forwarded();
    this.keepForwardedFields = settings.keepForwardedFields();
    this.referer = settings.referer();
    this.userAgent = settings.userAgent();
    this.removeClientHints = settings.removeClientHints();
    return this;
  }

  /** How much upstreams learn at all; {@link Anonymity#ANONYMOUS} unless called. */
  public PrivacyBuilder anonymity(Anonymity level) {
    this.anonymity = level;
    return this;
  }

  /**
   * The fields that tell the client's address where the level is {@link Anonymity#TRANSPARENT};
   * Forwarded (RFC 7239) unless called.
   */
  public PrivacyBuilder forwarded(ForwardedMode mode) {
    this.forwarded = mode;
    return this;
  }

  /**
   * Passes on what the client, or a proxy before this one, says about its address in Forwarded (RFC
   * 7239), X-Forwarded-For and the like. At {@link Anonymity#TRANSPARENT}, those that {@link
   * #forwarded} names are continued and those of the other family removed.
   */
  public PrivacyBuilder keepForwardedFields() {
    this.keepForwardedFields = true;
    return this;
  }

  /** What becomes of Referer; it is passed on unless called. */
  public PrivacyBuilder referer(RefererRule rule) {
    this.referer = rule;
    return this;
  }

  /** Puts this in place of User-Agent, and there where a client sends none. */
  public PrivacyBuilder userAgent(String value) {
    this.userAgent = Optional.of(value);
    return this;
  }

  /** Removes User-Agent. */
  public PrivacyBuilder removeUserAgent() {
    return userAgent("");
  }

  /**
   * Removes what tells upstreams about device, browser and connection unasked or when they have
   * asked for it: Sec-CH-* (RFC 8942) and the hints that are older than that prefix.
   */
  public PrivacyBuilder removeClientHints() {
    this.removeClientHints = true;
    return this;
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public PrivacySettings settings() {
    return new PrivacySettings(
        anonymity, forwarded, keepForwardedFields, referer, userAgent, removeClientHints);
  }
}
