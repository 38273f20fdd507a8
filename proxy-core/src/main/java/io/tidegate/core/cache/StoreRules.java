package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;

/** Whether a shared cache may store a response (RFC 9111 §3). */
final class StoreRules {
  private StoreRules() {}

  static StoreDecision decide(Answer answer, CacheSettings settings) {
    Storability request = request(answer);
    Storability received = request == Storability.STORABLE ? response(answer, settings) : request;
    if (received != Storability.STORABLE) {
      return new StoreDecision(received, null);
    }
    StoredResponse stored = Validation.store(answer, settings);
    Storability use = use(stored, settings);
    return new StoreDecision(use, use == Storability.STORABLE ? stored : null);
  }

  private static Storability request(Answer answer) {
    RequestHead request = answer.request();
    boolean query = request.method().equals("QUERY");
    boolean post = request.method().equals("POST");
    if (post ? !isForLaterGet(answer) : !query && !request.method().equals("GET")) {
      return Storability.METHOD;
    }
    if (!post && !query && Lookup.hasContent(request.fields())) {
      return Storability.REQUEST_CONTENT;
    }
    return answer.requestDirectives().noStore()
        ? Storability.REQUEST_NO_STORE
        : Storability.STORABLE;
  }

  /** Whether the response to a POST is what a GET would yield as well (RFC 9110 §9.3.3). */
  private static boolean isForLaterGet(Answer answer) {
    Fields fields = answer.response().fields();
    String location = fields.first(FieldName.CONTENT_LOCATION);
    return answer.response().status() == 200
        && Freshness.isExplicit(fields, answer.directives())
        && location != null
        && answer.target().equals(answer.target().resolve(location));
  }

  private static Storability response(Answer answer, CacheSettings settings) {
    int status = answer.response().status();
    CacheControl directives = answer.directives();
    boolean understood = StatusCodes.isUnderstood(status);
    if (!StatusCodes.isForOthers(status) || (directives.mustUnderstand() && !understood)) {
      return Storability.STATUS;
    }
    if (!allowsStoring(directives)) {
      return directives.isPrivate() ? Storability.PRIVATE : Storability.NO_STORE;
    }
    return fields(answer, settings);
  }

  /** Whether a response whose status code is understood has no directive against storing it. */
  static boolean allowsStoring(CacheControl directives) {
    return !directives.isPrivate() && (!directives.noStore() || directives.mustUnderstand());
  }

  private static Storability fields(Answer answer, CacheSettings settings) {
    Fields request = answer.request().fields();
    Fields response = answer.response().fields();
    if (isForOneUser(request, answer.directives())) {
      return Storability.AUTHORIZATION;
    }
    if (!allowsCookies(response, answer.directives(), settings)) {
      return Storability.SET_COOKIE;
    }
    return isCacheable(answer) ? Storability.STORABLE : Storability.NO_FRESHNESS;
  }

  /** Whether the answer to such a request is of no use to others (RFC 9111 §3.5). */
  static boolean isForOneUser(Fields request, CacheControl response) {
    return request.contains(FieldName.AUTHORIZATION)
        && !response.isPublic()
        && !response.mustRevalidate()
        && response.sMaxAge() < 0;
  }

  /**
   * Whether a response may be stored with the cookies that it sets, if any (RFC 9111 §7.3): not if
   * nobody has said that it is for others as well.
   */
  static boolean allowsCookies(Fields response, CacheControl directives, CacheSettings settings) {
    boolean meant = directives.isPublic() || Freshness.isExplicit(response, directives);
    return !response.contains(FieldName.SET_COOKIE) || (settings.storeSetCookie() && meant);
  }

  static boolean mayUpdate(StoredResponse stored, Answer newer) {
    Fields request = newer.request().fields();
    boolean keyed = newer.request().method().equals("QUERY") || !Lookup.hasContent(request);
    return keyed
        && !newer.requestDirectives().noStore()
        && !isForOneUser(request, stored.directives());
  }

  static boolean isOutdatedBy(StoredResponse stored, Answer newer) {
    return StatusCodes.isAboutResource(newer.response().status())
        && !newer.request().fields().contains(FieldName.AUTHORIZATION)
        && mayUpdate(stored, newer);
  }

  private static boolean isCacheable(Answer answer) {
    CacheControl directives = answer.directives();
    return StatusCodes.isHeuristicallyCacheable(answer.response().status())
        || directives.isPublic()
        || Freshness.isExplicit(answer.response().fields(), directives);
  }

  /** Whether what would be stored could ever be used. */
  private static Storability use(StoredResponse stored, CacheSettings settings) {
    if (stored.vary().isAny()) {
      return Storability.VARY;
    }
    if (stored.status() == 206 && stored.part() == null) {
      return Storability.PART;
    }
    return stored.hasValidator() || isUsedUnasked(stored, settings)
        ? Storability.STORABLE
        : Storability.USELESS;
  }

  /**
   * Whether it may be used without validation. The grace for an origin that cannot be reached is no
   * reason to store: it would have every response stored, also those that are made anew for each
   * request.
   */
  private static boolean isUsedUnasked(StoredResponse stored, CacheSettings settings) {
    boolean grace =
        Staleness.whileRevalidate(stored, settings) > 0 || Staleness.ifError(stored, settings) > 0;
    return (stored.lifetimeSeconds() > 0 && !stored.directives().noCache())
        || (grace && !stored.isNeverUsedStale());
  }
}
