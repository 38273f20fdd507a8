package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is stored (RFC 9111 §3), without its content. Immutable; what can be known
 * beforehand is computed once, so that using it is arithmetic. All times are in milliseconds since
 * the epoch.
 */
public final class StoredResponse {
  /** What a field line and a string cost beside their octets. */
  private static final int FIELD = 20;

  private static final int STRING = 56;

  private final int status;
  private final String reason;
  private final Fields fields;
  private final CacheControl directives;
  private final Vary vary;
  private final Freshness freshness;
  private final long requestTime;
  private final long responseTime;
  private final boolean neverStale;
  private final @Nullable String etag;
  private final @Nullable String lastModified;
  private final long contentLength;
  private final @Nullable PartialContent part;

  StoredResponse(
      int status,
      String reason,
      Fields fields,
      CacheControl directives,
      Vary vary,
      Freshness freshness,
      long requestTime,
      long responseTime) {
    this.status = status;
    this.reason = reason;
    this.fields = fields;
    this.directives = directives;
    this.vary = vary;
    this.freshness = freshness;
    this.requestTime = requestTime;
    this.responseTime = responseTime;
    this.neverStale =
        directives.mustRevalidate()
            || directives.proxyRevalidate()
            || directives.noCache()
            || directives.sMaxAge() >= 0;
    EntityTag tag = Validators.entityTag(fields);
    this.etag = tag == null ? null : tag.text();
    this.lastModified = lastModified(fields, responseTime);
    this.contentLength = contentLength(fields);
    this.part = status == 206 ? part(fields, contentLength) : null;
  }

  private static @Nullable String lastModified(Fields fields, long now) {
    boolean valid = Freshness.date(fields, FieldName.LAST_MODIFIED, now) != null;
    return valid ? fields.first(FieldName.LAST_MODIFIED) : null;
  }

  private static long contentLength(Fields fields) {
    String value = fields.first(FieldName.CONTENT_LENGTH);
    long length = value == null ? -1 : Digits.parse(value, 0, value.length());
    return length == Long.MAX_VALUE ? -1 : length;
  }

  private static @Nullable PartialContent part(Fields fields, long contentLength) {
    String value = fields.first(FieldName.CONTENT_RANGE);
    ContentRange said = value == null ? null : ContentRange.parse(value);
    ByteRange range = said == null ? null : said.range();
    return said == null || range == null
        ? null
        : PartialContent.of(said, contentLength < 0 ? range.length() : contentLength);
  }

  /** This response with the selecting fields of another request, which was told to use it. */
  public StoredResponse selectedBy(Fields request) {
    return new StoredResponse(
        status,
        reason,
        fields,
        directives,
        vary.selectedBy(request),
        freshness,
        requestTime,
        responseTime);
  }

  /** This response as one that has become stale at {@code now}. */
  public StoredResponse staleFrom(long now) {
    Freshness stale =
        new Freshness(
            Math.min(freshness.lifetime(), ageSeconds(now)),
            false,
            freshness.initialAge(),
            freshness.date());
    return new StoredResponse(
        status, reason, fields, directives, vary, stale, requestTime, responseTime);
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The reason phrase, possibly empty. */
  public String reason() {
    return reason;
  }

  /** The fields that may be sent with it. Always with Date, never with Age. */
  public Fields fields() {
    return fields;
  }

  /** Its cache directives. */
  public CacheControl directives() {
    return directives;
  }

  /** Which requests select it. */
  public Vary vary() {
    return vary;
  }

  /** When the request that it answers, or that validated it last, was sent. */
  public long requestTime() {
    return requestTime;
  }

  /** When it was received or validated last. */
  public long responseTime() {
    return responseTime;
  }

  /** When it was made, or said to be good by the origin: Date, or the time it was received. */
  public long date() {
    return freshness.date();
  }

  /** Its freshness lifetime in seconds (RFC 9111 §4.2.1). */
  public long lifetimeSeconds() {
    return freshness.lifetime();
  }

  /** Whether its freshness lifetime was guessed (RFC 9111 §4.2.2). */
  public boolean isHeuristic() {
    return freshness.heuristic();
  }

  /** Its current age in whole seconds, as Age says it (RFC 9111 §4.2.3, §5.1). */
  public long ageSeconds(long now) {
    return age(now) / 1000;
  }

  private long age(long now) {
    return freshness.initialAge() + Math.max(0, now - responseTime);
  }

  /** Whether its age has not reached its freshness lifetime (RFC 9111 §4.2). */
  public boolean isFresh(long now) {
    return freshFor(now) > 0;
  }

  /** For how many milliseconds it is fresh yet; if it is stale, minus its staleness. */
  public long freshFor(long now) {
    return freshness.lifetime() * 1000 - age(now);
  }

  /**
   * For how many whole seconds it is fresh yet, as Cache-Status says it (RFC 9211 §2.4); negative
   * as soon as it is stale.
   */
  public long freshForSeconds(long now) {
    return Math.floorDiv(freshFor(now), 1000L);
  }

  /** Whether it must not be used once stale (RFC 9111 §4.2.4), whatever else allows it. */
  public boolean isNeverUsedStale() {
    return neverStale;
  }

  /** Its entity tag as in ETag, or null if that is missing or invalid (RFC 9110 §8.8.3). */
  public @Nullable String etag() {
    return etag;
  }

  /** Its Last-Modified as it came, or null if that is missing or no date (RFC 9110 §8.8.2). */
  public @Nullable String lastModified() {
    return lastModified;
  }

  /** Whether the origin can be asked if it is still good (RFC 9111 §4.3.1). */
  public boolean hasValidator() {
    return etag != null || lastModified != null;
  }

  /** How many octets of content Content-Length tells, or -1. */
  public long contentLength() {
    return contentLength;
  }

  /** Which part of the content a 206 response holds; null for others, which are complete. */
  public @Nullable PartialContent part() {
    return part;
  }

  /** Whether both answer the same requests, so that one takes the place of the other. */
  public boolean selectedAs(StoredResponse other) {
    return vary.names().equals(other.vary.names()) && vary.key().equals(other.vary.key());
  }

  /**
   * How many octets its fields take, about: as they are stored, and once more as a store keeps them
   * for clients.
   */
  public int size() {
    int size = vary.size() + size(etag) + size(lastModified);
    for (int i = 0; i < fields.size(); i++) {
      size += 2 * fields.lineLength(i) + FIELD;
    }
    return size;
  }

  private static int size(@Nullable String text) {
    return text == null ? 0 : STRING + text.length();
  }

  /** Status and field names: values may be secrets. */
  @Override
  public String toString() {
    return status + " " + fields;
  }
}
