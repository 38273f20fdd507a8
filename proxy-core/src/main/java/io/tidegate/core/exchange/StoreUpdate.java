package io.tidegate.core.exchange;

import io.tidegate.core.cache.Answer;
import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.ByteRange;
import io.tidegate.core.cache.ByteRanges;
import io.tidegate.core.cache.CacheDecision;
import io.tidegate.core.cache.CacheGroups;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.Conditions;
import io.tidegate.core.cache.ContentRange;
import io.tidegate.core.cache.InvalidationScope;
import io.tidegate.core.cache.PartialContent;
import io.tidegate.core.cache.Preconditions;
import io.tidegate.core.cache.RangeSelection;
import io.tidegate.core.cache.Storability;
import io.tidegate.core.cache.StoreDecision;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Destination;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What becomes of the store when the upstream has answered a request. */
final class StoreUpdate {
  private final ResponseCache cache;
  private final CachedRequest request;
  private final List<CacheStore.Entry> found;
  private final CacheDecision decision;
  private final Answer answer;

  /** The moment after which an invalidation is one of what has come, too. */
  private long since;

  /**
   * An update by the response {@code head} to {@code request}.
   *
   * @param found what was stored for the request when the upstream was asked
   * @param decision what has been decided about it then
   * @param requestTime when the upstream was asked, in milliseconds since the epoch
   * @param askedAt the same as a moment of the {@link io.tidegate.core.cache.Invalidator}
   * @param now when it answered
   */
  StoreUpdate(
      ResponseCache cache,
      CachedRequest request,
      List<CacheStore.Entry> found,
      CacheDecision decision,
      ResponseHead head,
      long requestTime,
      long askedAt,
      long now) {
    this.cache = cache;
    this.request = request;
    this.found = found;
    this.decision = decision;
    this.since = askedAt;
    this.answer =
        new Answer(
            request.head(),
            request.target(),
            request.directives(),
            head,
            cache.rules().directives(head.fields()),
            requestTime,
            now);
  }

  /**
   * Updates the store.
   *
   * @param framing how the content is framed
   * @param from where the response comes from
   * @param requestEnded whether the upstream has all of the request; if not, nothing is stored
   */
  StoreOutcome apply(Framing framing, Destination from, boolean requestEnded) {
    invalidate();
    learnFromHead();
    CacheStore.Entry valid = status() == 304 ? freshened() : null;
    if (valid != null) {
      return new StoreOutcome.Validated(valid);
    }
    CacheStore.Entry stale = insteadOfError();
    if (stale != null) {
      return new StoreOutcome.Stale(stale);
    }
    if (decision instanceof CacheDecision.Complete part && (status() == 206 || status() == 416)) {
      return complete(part, framing, from);
    }
    if (status() == 304 && isUnaskedFor()) {
      return new StoreOutcome.Repeated();
    }
    StoreOutcome outcome = store(framing, from, requestEnded);
    if (outcome instanceof StoreOutcome.Relayed relayed) {
      forgetOutdated(relayed.why());
    }
    return outcome;
  }

  /**
   * Forgets the stale response that was asked about if something else has come, which may not be
   * stored (RFC 9111 §4.3.3): it would still be used while it is validated, or for an origin that
   * cannot be reached. A response that is fresh stays, whoever has it reloaded.
   */
  private void forgetOutdated(Storability why) {
    if (why != Storability.METHOD
        && why != Storability.EARLY
        && decision instanceof CacheDecision.Validate validate
        && validate.reason() == CacheStatus.Forward.STALE
        && cache.rules().isOutdatedBy(validate.stored(), answer)) {
      cache.store().remove(Caching.entryOf(validate.stored(), found));
    }
  }

  private int status() {
    return answer.response().status();
  }

  private Fields fields() {
    return answer.response().fields();
  }

  /** Forgets what the response says, or its method implies, is no longer good. */
  private void invalidate() {
    if (request.head().isSafe()) {
      return;
    }
    boolean before = isInvalidated(labels(fields()));
    for (TargetUri uri : cache.rules().invalidates(answer)) {
      cache.invalidator().remove(new InvalidationScope.Uri(uri));
    }
    Set<String> groups = CacheGroups.invalidatedBy(request.head(), fields());
    cache.invalidator().remove(new InvalidationScope.Groups(request.target(), groups));
    if (!before) { // what a response invalidates is older than itself
      since = cache.invalidator().moment();
    }
  }

  private Set<String> labels(Fields response) {
    return cache.rules().labels(request.target(), response);
  }

  /** The response to HEAD tells about the stored response to GET (RFC 9111 §4.3.5). */
  private void learnFromHead() {
    if (!request.head().isHead() || Caching.isForOrigin(decision)) {
      return;
    }
    for (CacheStore.Entry entry : found) {
      if (entry.response().vary().matches(request.head().fields())
          && cache.rules().mayUpdate(entry.response(), answer)) {
        StoredResponse fresh = cache.rules().freshenByHead(entry.response(), answer);
        if (fresh != null && cache.rules().mayKeep(fresh)) {
          update(entry, fresh);
        } else if (status() == 200) {
          cache.store().remove(entry);
        }
      }
    }
  }

  /**
   * Makes fresh what a 304 is about.
   *
   * @return the stored response that was asked about, if it is good
   */
  private CacheStore.@Nullable Entry freshened() {
    if (isNaming()) {
      return named();
    }
    CacheStore.Entry result = null;
    for (StoredResponse old : selected(r -> r.vary().matches(request.head().fields()))) {
      CacheStore.Entry entry = Caching.entryOf(old, found);
      StoredResponse fresh = cache.rules().freshen(old, answer);
      CacheStore.Entry kept = null;
      if (cache.rules().mayKeep(fresh)) {
        kept = update(entry, fresh);
      } else {
        cache.store().remove(entry);
      }
      if (decision instanceof CacheDecision.Validate validate && validate.stored() == old) {
        result = kept;
      }
    }
    return result;
  }

  /** Whether a 304 is about one of the responses to others that the upstream had the choice of. */
  private boolean isNaming() {
    Conditions sent = conditionsSent();
    return decision instanceof CacheDecision.Forward forward
        && forward.reason() == CacheStatus.Forward.VARY_MISS
        && !sent.isEmpty()
        && (sent.isAboutOne() || fields().contains(FieldName.ETAG));
  }

  /**
   * Gives a stored response a newer head. Whoever invalidates notes that first and may then find
   * the head that was there before, so that what has been noted is looked at afterwards as well.
   */
  private CacheStore.@Nullable Entry update(CacheStore.Entry entry, StoredResponse fresh) {
    Set<String> labels = labels(fresh.fields());
    StoredResponse stale = fresh.staleFrom(answer.responseTime());
    boolean early = isInvalidated(labels);
    CacheStore.Entry updated = cache.store().update(entry, early ? stale : fresh, labels);
    return updated != null && !early && isInvalidated(labels)
        ? cache.store().update(updated, stale, labels)
        : updated;
  }

  /**
   * The response to others that a 304 says is the answer to this request too. Its fields are news
   * about that answer only (RFC 9111 §4.3.4), so that the response to the others stays as it is.
   */
  private CacheStore.@Nullable Entry named() {
    List<StoredResponse> named = selected(response -> response.part() == null);
    if (named.isEmpty()) {
      return null;
    }
    StoredResponse old = named.get(0);
    StoredResponse fresh = cache.rules().freshen(old, answer).selectedBy(request.head().fields());
    CacheStore.Entry added =
        cache.rules().mayKeep(fresh)
            ? cache.store().add(Caching.entryOf(old, found), fresh, labels(fresh.fields()))
            : null;
    if (added != null && isInvalidated(added.labels())) {
      cache.store().remove(added);
      return null;
    }
    return added;
  }

  /** Which of these stored responses a 304 is about, and may change. */
  private List<StoredResponse> selected(Predicate<StoredResponse> which) {
    List<StoredResponse> candidates = Caching.responses(found).stream().filter(which).toList();
    return cache.rules().selected(candidates, conditionsSent(), fields()).stream()
        .filter(old -> cache.rules().mayUpdate(old, answer))
        .toList();
  }

  /**
   * Whether a 304 that is about nothing stored means nothing to the client either, who did not ask
   * for it, or has something else.
   */
  private boolean isUnaskedFor() {
    long now = answer.responseTime();
    return !conditionsSent().isEmpty()
        && Preconditions.evaluate(request.head(), 200, fields(), now, now)
            != Preconditions.Outcome.NOT_MODIFIED;
  }

  private Conditions conditionsSent() {
    return Caching.conditions(decision);
  }

  /** The stale response that is better than an error of the upstream's, or null. */
  private CacheStore.@Nullable Entry insteadOfError() {
    boolean error = status() == 500 || status() == 502 || status() == 503 || status() == 504;
    return error
            && decision instanceof CacheDecision.Validate validate
            && cache
                .rules()
                .mayUseOnError(validate.stored(), request.directives(), answer.responseTime())
        ? Caching.entryOf(validate.stored(), found)
        : null;
  }

  /** Begins to store the response, if that may be. */
  private StoreOutcome store(Framing framing, Destination from, boolean requestEnded) {
    StoreDecision decided =
        requestEnded ? mayStore(framing) : new StoreDecision(Storability.EARLY, null);
    StoredResponse response = decided.response();
    if (response == null) {
      return new StoreOutcome.Relayed(decided.storability());
    }
    CacheStore.NewEntry added =
        store(response, framing == Framing.NONE ? 0 : framing.length(), from);
    return added == null
        ? new StoreOutcome.Relayed(Storability.TOO_LONG)
        : new StoreOutcome.Stored(added, null);
  }

  private StoreDecision mayStore(Framing framing) {
    StoreDecision decided = cache.rules().store(answer);
    StoredResponse response = decided.response();
    if (response == null) {
      return decided;
    }
    if (!request.usesStore()) {
      return new StoreDecision(
          request.passes() ? Storability.PASSED : Storability.REQUEST_CONTENT, null);
    }
    return status() == 206 && !isPartOfNothing(response, framing)
        ? new StoreDecision(Storability.PART, null)
        : decided;
  }

  private CacheStore.@Nullable NewEntry store(
      StoredResponse response, long length, Destination from) {
    Set<String> labels = labels(response.fields());
    CacheStore.NewEntry added =
        cache.store().store(request.key(), response, from.toString(), labels, length);
    if (added != null && isInvalidated(labels)) {
      added.hide();
    }
    return added;
  }

  /** Whether what has come was invalidated when it was on its way, and so is not for others. */
  private boolean isInvalidated(Set<String> labels) {
    return cache.invalidator().hasInvalidated(request.key(), labels, since);
  }

  /** Puts a part together with the one that is stored; if that is not possible, neither is kept. */
  private StoreOutcome complete(CacheDecision.Complete part, Framing framing, Destination from) {
    CacheStore.Entry held = Caching.entryOf(part.stored(), found);
    StoredResponse both = cache.rules().combine(part.stored(), answer);
    StoreOutcome.Stored joined =
        both == null || !isWanted(both) ? null : join(held, both, framing, from);
    if (joined != null) {
      return joined;
    }
    cache.store().remove(held);
    return status() == 206 && part.isAllThatIsWanted()
        ? new StoreOutcome.Relayed(Storability.PART)
        : new StoreOutcome.Repeated();
  }

  /** Whether that is what the client has asked for, though the origin may have sent less of it. */
  private boolean isWanted(StoredResponse both) {
    PartialContent part = both.part();
    ByteRanges asked = ByteRanges.of(request.head());
    return part == null
        || (asked != null && part.select(asked, 1).kind() == RangeSelection.Kind.SOME);
  }

  private StoreOutcome.@Nullable Stored join(
      CacheStore.Entry held, StoredResponse both, Framing framing, Destination from) {
    ByteRange own = Objects.requireNonNull(held.response().part()).held();
    ContentRange said = ContentRange.parse(fields().all(FieldName.CONTENT_RANGE).get(0));
    ByteRange come = Objects.requireNonNull(Objects.requireNonNull(said).range());
    BodyReader before = held.read(0, Math.max(0, come.first() - own.first()));
    BodyReader behind =
        held.read(Math.min(come.last() + 1 - own.first(), own.length()), own.length());
    CacheStore.NewEntry added =
        before == null || behind == null || framing.length() != come.length()
            ? null
            : store(both, both.contentLength(), from);
    boolean joined = added != null && before != null && CacheFill.copy(before, added);
    close(before);
    if (added != null && joined) {
      return new StoreOutcome.Stored(added, behind);
    }
    close(behind);
    if (added != null) {
      added.abandon();
    }
    return null;
  }

  private static void close(@Nullable BodyReader reader) {
    if (reader != null) {
      reader.close();
    }
  }

  /** Whether a part is as long as it says, and takes the place of nothing that may be more. */
  private boolean isPartOfNothing(StoredResponse response, Framing framing) {
    PartialContent part = response.part();
    return part != null
        && ByteRanges.of(request.head()) != null
        && framing.length() == part.held().length()
        && found.stream()
            .noneMatch(other -> other.response().vary().matches(request.head().fields()));
  }
}
