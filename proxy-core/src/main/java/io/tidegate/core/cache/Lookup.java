package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a stored response answers a request (RFC 9111 §4). */
final class Lookup {
  private static final CacheDecision UNSATISFIED = new CacheDecision.Unsatisfied();

  private Lookup() {}

  static CacheDecision decide(
      RequestHead request,
      CacheControl directives,
      List<StoredResponse> variants,
      CacheSettings settings,
      long now) {
    CacheDecision decision = unrestricted(request, directives, variants, settings, now);
    boolean stored =
        decision instanceof CacheDecision.Fresh || decision instanceof CacheDecision.Stale;
    return directives.onlyIfCached() && !stored ? UNSATISFIED : decision;
  }

  private static CacheDecision unrestricted(
      RequestHead request,
      CacheControl directives,
      List<StoredResponse> variants,
      CacheSettings settings,
      long now) {
    CacheStatus.Forward reason = unanswerable(request, directives);
    if (reason != null) {
      return new CacheDecision.Forward(reason, Conditions.NONE);
    }
    if (variants.isEmpty()) {
      return new CacheDecision.Forward(CacheStatus.Forward.URI_MISS, Conditions.NONE);
    }
    StoredResponse stored = select(variants, request.fields());
    if (stored == null) {
      return new CacheDecision.Forward(
          CacheStatus.Forward.VARY_MISS, Conditions.aboutAny(variants, request.fields()));
    }
    if (!isWhole(stored, request, now)) {
      CacheDecision completed =
          directives.noCache()
              ? null
              : PartialResponses.complete(stored, request, settings.longestResponse(), now);
      return completed == null
          ? new CacheDecision.Forward(CacheStatus.Forward.PARTIAL, Conditions.NONE)
          : completed;
    }
    return use(stored, request, directives, settings, now);
  }

  /** Why no stored response could ever answer the request, or null. */
  private static CacheStatus.@Nullable Forward unanswerable(
      RequestHead request, CacheControl directives) {
    boolean query = request.method().equals("QUERY");
    if (!query && !request.method().equals("GET") && !request.isHead()) {
      return CacheStatus.Forward.METHOD;
    }
    Fields fields = request.fields();
    boolean forOrigin =
        directives.noStore()
            || fields.contains(FieldName.IF_MATCH)
            || fields.contains(FieldName.IF_UNMODIFIED_SINCE)
            || (!query && hasContent(fields));
    return forOrigin ? CacheStatus.Forward.REQUEST : null;
  }

  /** Whether a message with these fields has content (RFC 9112 §6.3). */
  static boolean hasContent(Fields fields) {
    int length = fields.indexOf(FieldName.CONTENT_LENGTH, 0);
    return fields.contains(FieldName.TRANSFER_ENCODING)
        || (length >= 0 && !fields.valueIs(length, "0"));
  }

  /**
   * The most recent of the responses that the request selects (RFC 9111 §4.1); of those with the
   * same date, which has whole seconds, the one that was stored last.
   */
  private static @Nullable StoredResponse select(List<StoredResponse> variants, Fields request) {
    StoredResponse selected = null;
    for (int i = 0; i < variants.size(); i++) {
      StoredResponse variant = variants.get(i);
      boolean newer = selected == null || variant.date() > selected.date();
      if (newer && variant.vary().matches(request)) {
        selected = variant;
      }
    }
    return selected;
  }

  /** Whether all that the request asks for is stored (RFC 9111 §3.3). */
  private static boolean isWhole(StoredResponse stored, RequestHead request, long now) {
    if (stored.status() != 206) {
      return true;
    }
    PartialContent part = stored.part();
    ByteRanges asked = ByteRanges.of(request);
    return part != null
        && asked != null
        && part.select(asked, 1).kind() == RangeSelection.Kind.SOME
        && Preconditions.rangeApplies(request.fields(), stored.fields(), now);
  }

  private static CacheDecision use(
      StoredResponse stored,
      RequestHead request,
      CacheControl directives,
      CacheSettings settings,
      long now) {
    boolean fresh = stored.isFresh(now);
    boolean usable = !directives.noCache() && !stored.directives().noCache();
    if (usable && fresh && isWanted(stored, directives, now)) {
      return new CacheDecision.Fresh(stored, stored.ageSeconds(now));
    }
    CacheDecision.Allowance allowance =
        usable && !fresh ? Staleness.allowance(stored, directives, settings, now) : null;
    if (allowance != null && isWanted(stored, directives, now)) {
      Conditions ours = mayAsk(request, stored) ? Conditions.about(stored) : Conditions.NONE;
      return new CacheDecision.Stale(stored, stored.ageSeconds(now), allowance, ours);
    }
    return new CacheDecision.Validate(
        stored,
        fresh && !stored.directives().noCache()
            ? CacheStatus.Forward.REQUEST
            : CacheStatus.Forward.STALE,
        mayAsk(request, stored) ? Conditions.about(stored, request.fields()) : Conditions.NONE);
  }

  /** Whether a 304 would be of use: nothing that one user is told changes what others get. */
  private static boolean mayAsk(RequestHead request, StoredResponse stored) {
    return !StoreRules.isForOneUser(request.fields(), stored.directives());
  }

  /**
   * Whether it is as young, and fresh for as long, as the client wants (RFC 9111 §5.2.1). What is
   * immutable gets no better with a reload (RFC 8246 §2).
   */
  private static boolean isWanted(StoredResponse stored, CacheControl directives, long now) {
    boolean fresh = stored.isFresh(now);
    long maxAge = fresh && stored.directives().isImmutable() ? -1 : directives.maxAge();
    boolean young = maxAge < 0 || stored.ageSeconds(now) <= maxAge;
    return young && (!fresh || stored.freshFor(now) >= directives.minFresh() * 1000);
  }
}
