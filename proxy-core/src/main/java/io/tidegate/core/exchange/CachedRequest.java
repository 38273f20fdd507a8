package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheControl;
import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.ContentDigest;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Route;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request as the cache sees it.
 *
 * @param head the request without what is for the next hop only
 * @param target its target URI
 * @param key what its response is stored under
 * @param directives its cache directives
 * @param content its content, if that is a part of the key
 * @param passes whether the store is not for it, see {@link Route#passesCache}
 */
record CachedRequest(
    RequestHead head,
    TargetUri target,
    CacheKey key,
    CacheControl directives,
    @Nullable CollectedContent content,
    boolean passes) {
  private static final List<FieldName> CONDITIONS =
      List.of(
          FieldName.IF_MATCH,
          FieldName.IF_NONE_MATCH,
          FieldName.IF_MODIFIED_SINCE,
          FieldName.IF_UNMODIFIED_SINCE,
          FieldName.IF_RANGE,
          FieldName.RANGE);

  /** Stands for credentials that are added on the way, the same for all who share a partition. */
  private static final String ADDED = "added";

  private static RequestHead authorized(RequestHead head, String authorization) {
    FieldEdits fields = new FieldEdits(head.fields()).set(FieldName.AUTHORIZATION, authorization);
    return new RequestHead(head.method(), head.target(), head.version(), fields.toFields());
  }

  /** Whether the cache can do nothing with a request before it has its content (RFC 10008 §2.7). */
  static boolean needsContent(RequestHead head, Framing framing, CacheSettings settings) {
    int most = settings.maxQueryBytes();
    return head.method().equals("QUERY") && most > 0 && framing.length() <= most;
  }

  /** As the cache sees {@code request}; {@code content} is null if it has not been collected. */
  static CachedRequest of(
      ClientRequest request,
      Route route,
      Framing framing,
      @Nullable CollectedContent content,
      ResponseCache cache) {
    RequestHead received = withoutConnectionFields(request.head(), framing);
    RequestHead head = route.addsCredentials() ? authorized(received, ADDED) : received;
    TargetUri target = new TargetUri(request.scheme(), request.authority(), request.pathAndQuery());
    String digest = content == null ? "" : ContentDigest.of(head.fields(), content.octets());
    String own = Objects.requireNonNull(cache.partition().apply(request), "no partition");
    String user = cache.settings().perUser() ? request.user() : "";
    String partition = partition(own, user, route.cachePartition());
    return new CachedRequest(
        head,
        target,
        cache.settings().keys().key(head, target, partition, digest),
        CacheControl.ofRequest(head.fields()),
        content,
        route.passesCache());
  }

  /** No two triples become the same; what only the proxy divides is called what that calls it. */
  private static String partition(String ofProxy, String ofUser, String ofRoute) {
    boolean alone = ofUser.isEmpty() && ofRoute.isEmpty() && !ofProxy.startsWith("\0");
    return alone
        ? ofProxy
        : "\0" + ofProxy.length() + ":" + ofProxy + ofUser.length() + ":" + ofUser + ofRoute;
  }

  /**
   * Whether the store is for this request: not if the key does not tell it from all others, that of
   * a QUERY must have its content.
   */
  boolean usesStore() {
    return !passes && (content != null || !head.method().equals("QUERY"));
  }

  /** Whether it asks for content that others may ask for as well. */
  boolean wantsContent() {
    return head.method().equals("GET") || head.method().equals("QUERY");
  }

  /** What the cache asks for on its own account, under the same key. */
  CachedRequest with(ClientRequest own) {
    String authorization = head.fields().first(FieldName.AUTHORIZATION);
    RequestHead same = withoutConnectionFields(own.head(), Framing.NONE);
    RequestHead ownHead = authorization == null ? same : authorized(same, authorization);
    return new CachedRequest(ownHead, target, key, directives, content, passes);
  }

  /**
   * What is not forwarded selects nothing; only whether there is content counts all the same, even
   * if no field tells, as in HTTP/2.
   */
  private static RequestHead withoutConnectionFields(RequestHead request, Framing framing) {
    Fields received = request.fields();
    boolean told = framing != Framing.CHUNKED || received.contains(FieldName.TRANSFER_ENCODING);
    if (told && !ConnectionFields.nominates(received)) {
      return request;
    }
    FieldEdits fields = new FieldEdits(received);
    ConnectionFields.strip(fields);
    if (framing == Framing.CHUNKED) {
      fields.set(FieldName.TRANSFER_ENCODING, "chunked");
    } else if (!framing.isEmpty()) {
      fields.set(FieldName.CONTENT_LENGTH, Long.toString(framing.length()));
    }
    return new RequestHead(
        request.method(), request.target(), request.version(), fields.toFields());
  }

  /** A request for the whole of what {@code request} asks for, whatever its client has. */
  static ClientRequest unconditional(ClientRequest request) {
    RequestHead head = request.head();
    String method = head.isHead() ? "GET" : head.method();
    FieldEdits fields = new FieldEdits(head.fields());
    CONDITIONS.forEach(fields::remove);
    return request.with(new RequestHead(method, head.target(), head.version(), fields.toFields()));
  }
}
