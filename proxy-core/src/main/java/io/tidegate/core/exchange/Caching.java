package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheDecision;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.Conditions;
import io.tidegate.core.cache.Storability;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.cache.memory.CacheCounters;
import io.tidegate.core.cache.memory.CacheCounters.Counter;
import io.tidegate.core.cache.memory.Collapse;
import io.tidegate.core.header.Grpc;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cache's part in one exchange: what it finds, whether to wait for another exchange that asks
 * for the same, and what it tells about all that.
 */
final class Caching extends TimerWheel.Deadline {
  /** Why no stored response could have been the answer. */
  private static final Set<CacheStatus.Forward> PASSED =
      EnumSet.of(
          CacheStatus.Forward.BYPASS, CacheStatus.Forward.METHOD, CacheStatus.Forward.REQUEST);

  private static final int MOST_WAITS = 2;

  private final ProxyExchange exchange;
  private final ResponseCache cache;
  private final IoLoop loop;
  private final CachedRequest request;

  private List<CacheStore.Entry> found = List.of();
  private CacheDecision decision =
      new CacheDecision.Forward(CacheStatus.Forward.METHOD, Conditions.NONE);
  private Collapse.@Nullable Lead lead;
  private boolean looking;
  private boolean waiting;
  private boolean settled;
  private boolean unkept;
  private int waits;
  private CacheStatus.@Nullable Forward waitedBecause;
  private long requestTime;
  private long askedAt;

  /** What is counted when the exchange is over; null until it is known. */
  private @Nullable Counter result;

  /** Why the response of the upstream's is not stored; null if it is. */
  private @Nullable Storability notStored;

  Caching(ProxyExchange exchange, ResponseCache cache, CachedRequest request) {
    this.exchange = exchange;
    this.cache = cache;
    this.loop = exchange.client().loop();
    this.request = request;
  }

  /** Whether the cache has anything to do with such a request. */
  static boolean concerns(ClientRequest request, @Nullable String upgrade) {
    return upgrade == null
        && request.pathAndQuery().startsWith("/")
        && !request.authority().host().isEmpty()
        && !request.head().method().equals("TRACE")
        && !Grpc.isCall(request.head());
  }

  // Before the upstream is asked

  /** Tells {@link ProxyExchange#found} what to do. */
  void lookup() {
    if (!request.usesStore()) {
      decision =
          request.directives().onlyIfCached()
              ? new CacheDecision.Unsatisfied()
              : new CacheDecision.Forward(CacheStatus.Forward.BYPASS, Conditions.NONE);
      exchange.found(decision, this);
    } else if (request.wantsContent() || request.head().isHead()) {
      looking = true;
      cache.store().lookup(request.key(), entries -> loop.run(() -> found(entries)));
      if (looking) { // a store that does not answer has nothing
        set(loop.timers(), loop.now() + patience().toMillis());
      }
    } else {
      exchange.found(decision, this);
    }
  }

  private void found(List<CacheStore.Entry> entries) {
    if (looking && !exchange.isCompleted()) {
      looking = false;
      cancel(loop.timers());
      found = entries;
      try {
        decision = decide(responses(entries));
      } catch (RuntimeException | Error e) {
        exchange.fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
        return;
      }
      exchange.found(decision, this);
    }
  }

  private CacheDecision decide(List<StoredResponse> stored) {
    CacheDecision decided =
        cache.rules().decide(request.head(), request.directives(), stored, loop.wallClock());
    boolean othersOnly =
        decided instanceof CacheDecision.Forward forward
            && forward.reason() == CacheStatus.Forward.VARY_MISS;
    // The origin knows no difference between what we have encoded for others and what it has sent.
    return othersOnly && exchange.route().compression() != null
        ? new CacheDecision.Forward(CacheStatus.Forward.VARY_MISS, Conditions.NONE)
        : decided;
  }

  static List<StoredResponse> responses(List<CacheStore.Entry> entries) {
    if (entries.size() == 1) {
      return List.of(entries.get(0).response());
    }
    List<StoredResponse> responses = new ArrayList<>(entries.size());
    for (CacheStore.Entry entry : entries) {
      responses.add(entry.response());
    }
    return responses;
  }

  /** Where the content of a stored response is. */
  CacheStore.Entry entryOf(StoredResponse response) {
    return entryOf(response, found);
  }

  static CacheStore.Entry entryOf(StoredResponse response, List<CacheStore.Entry> entries) {
    for (CacheStore.Entry entry : entries) {
      if (entry.response() == response) {
        return entry;
      }
    }
    throw new IllegalStateException("a response that was not found");
  }

  /**
   * Whether the exchange has to wait: another one asks for the same, and when that has its answer,
   * {@link ProxyExchange#found} is told again. If that takes too long, one of those who wait asks
   * in its place; nobody waits for more than {@link #MOST_WAITS} of them.
   */
  boolean mustWait() {
    if (settled
        || waits == MOST_WAITS
        || !isCollapsible()
        || cache.collapse().isFutile(request.key(), loop.wallClock())) {
      return false;
    }
    lead = lead(() -> loop.run(this::settled));
    if (lead != null) {
      return false;
    }
    waiting = true;
    if (waits++ == 0) {
      waitedBecause = reason();
      cache.counters().count(Counter.COLLAPSED);
    }
    set(loop.timers(), loop.now() + patience().toMillis());
    return true;
  }

  private Collapse.@Nullable Lead lead(@Nullable Runnable answered) {
    return cache.collapse().lead(request.key(), loop.now(), patience().toMillis(), answered);
  }

  /** Whether what is found may be the answer to another request that this one waited for. */
  boolean hasWaited() {
    return waits > 0;
  }

  /** Whether the answer may be one for others as well. */
  private boolean isCollapsible() {
    return request.wantsContent() && !isParticular();
  }

  private boolean isParticular() {
    Fields fields = request.head().fields();
    return !request.usesStore()
        || isForOrigin(decision)
        || fields.contains(FieldName.RANGE)
        || fields.contains(FieldName.AUTHORIZATION)
        || (!(decision instanceof CacheDecision.Validate)
            && (fields.contains(FieldName.IF_NONE_MATCH)
                || fields.contains(FieldName.IF_MODIFIED_SINCE)));
  }

  /** Whether no stored response could answer the request: it has content, say. */
  static boolean isForOrigin(CacheDecision decision) {
    return decision instanceof CacheDecision.Forward forward
        && forward.reason() == CacheStatus.Forward.REQUEST;
  }

  private void settled() {
    if (waiting) {
      waiting = false;
      settled = true;
      cancel(loop.timers());
      lookup();
      loop.flush();
    }
  }

  @Override
  protected void expired() {
    if (looking) {
      found(List.of());
    } else {
      waiting = false;
      exchange.found(decision, this);
    }
  }

  /** Fetches a fresh response while the stale one is used, if it is (RFC 5861 §3). */
  void revalidate(CacheDecision.Stale stale) {
    Collapse.Lead taken =
        decision == stale && stale.allowance() == CacheDecision.Allowance.WHILE_REVALIDATE
            ? lead(null)
            : null;
    if (taken != null) {
      exchange.revalidate(
          background -> {
            Caching theirs = new Caching(background, cache, request.with(background.request()));
            theirs.result = Counter.REFRESHED;
            theirs.found = found;
            theirs.lead = taken;
            theirs.decision =
                new CacheDecision.Validate(
                    stale.stored(), CacheStatus.Forward.STALE, stale.conditions());
            return theirs;
          });
    }
  }

  /** Adds what the cache wants to know to the fields of the upstream request, which is sent now. */
  void ask(FieldEdits upstreamRequest) {
    requestTime = loop.wallClock();
    askedAt = cache.invalidator().moment();
    if (decision instanceof CacheDecision.Complete part) {
      cache.rules().ask(upstreamRequest, part, requestTime);
    } else {
      conditions(decision).applyTo(upstreamRequest);
    }
  }

  /** The stored response that the upstream is asked about, or null. */
  @Nullable StoredResponse validated() {
    return decision instanceof CacheDecision.Validate validate ? validate.stored() : null;
  }

  /** The conditions that have been added to the upstream request. */
  static Conditions conditions(CacheDecision decision) {
    return decision instanceof CacheDecision.Validate validate
        ? validate.conditions()
        : decision instanceof CacheDecision.Forward forward
            ? forward.conditions()
            : Conditions.NONE;
  }

  // When the upstream has answered, or has not

  /** Updates the store with a response of the upstream's; its arguments as there. */
  StoreOutcome update(ResponseHead head, Framing framing, Destination from, boolean requestEnded) {
    StoreOutcome outcome =
        unkept
            ? new StoreOutcome.Relayed(Storability.TOO_LONG)
            : new StoreUpdate(
                    cache, request, found, decision, head, requestTime, askedAt, loop.wallClock())
                .apply(framing, from, requestEnded);
    if (outcome instanceof StoreOutcome.Repeated) {
      decision = new CacheDecision.Forward(reason(), Conditions.NONE);
    } else if (isCollapsible() && head.status() < 500) {
      cache.collapse().learn(request.key(), isForOthers(outcome), loop.wallClock());
    }
    notStored = outcome instanceof StoreOutcome.Relayed relayed ? relayed.why() : null;
    return outcome;
  }

  /** Whether others can use such a response for some time without asking themselves. */
  private static boolean isForOthers(StoreOutcome outcome) {
    CacheStore.Entry entry =
        outcome instanceof StoreOutcome.Stored stored
            ? stored.entry().entry()
            : outcome instanceof StoreOutcome.Validated valid ? valid.entry() : null;
    return entry == null
        ? outcome instanceof StoreOutcome.Stale
        : entry.response().lifetimeSeconds() > 0 && !entry.response().directives().noCache();
  }

  /** The stale response that is better than no answer, or null. */
  CacheStore.@Nullable Entry insteadOf(Failure reason) {
    return reason.status() >= 502
            && decision instanceof CacheDecision.Validate validate
            && cache
                .rules()
                .mayUseUnreached(validate.stored(), request.directives(), loop.wallClock())
        ? entryOf(validate.stored())
        : null;
  }

  /**
   * What is stored was forgotten before it could be read; {@code asked} if the upstream had been
   * asked about it. Then what it says next is not stored, or that might go on for ever.
   */
  void lose(boolean asked) {
    unkept = asked;
    decision = new CacheDecision.Forward(CacheStatus.Forward.MISS, Conditions.NONE);
    resulted(null);
  }

  /** Whether the client wants a stored response or none (RFC 9111 §5.2.1.7). */
  boolean isOnlyForStored() {
    return request.directives().onlyIfCached();
  }

  /** How long one exchange may keep others waiting. */
  Duration patience() {
    return cache.settings().fillTimeout();
  }

  /** Those who wait may look again. */
  void settle() {
    if (lead != null) {
      lead.settle();
      lead = null;
    }
  }

  /** The exchange is over, and its client has got so much content. */
  void end(long octets) {
    cancel(loop.timers());
    waiting = false;
    settle();
    count(result(), octets);
  }

  private Counter result() {
    if (result != null) {
      return result;
    }
    if (decision instanceof CacheDecision.Fresh) {
      return Counter.HITS;
    }
    boolean passed =
        decision instanceof CacheDecision.Forward forward && PASSED.contains(forward.reason());
    return passed ? Counter.PASSED : Counter.MISSES;
  }

  private void count(Counter what, long octets) {
    CacheCounters counters = cache.counters();
    counters.count(what);
    switch (what) {
      case STALE_HITS -> count(Counter.HITS, octets);
      case HITS, VALIDATED -> counters.add(Counter.HIT_OCTETS, octets);
      case MISSES -> counters.add(Counter.MISS_OCTETS, octets);
      default -> {}
    }
  }

  // What is told about it

  /** The Cache-Status of a response from the store. */
  CacheStatus hit(StoredResponse response) {
    resulted(decision instanceof CacheDecision.Fresh ? Counter.HITS : Counter.STALE_HITS);
    CacheStatus status =
        waitedBecause == null
            ? CacheStatus.hit()
            : CacheStatus.forwarded(waitedBecause).collapsed(true);
    return told(status.ttl(ttl(response)));
  }

  /**
   * The Cache-Status of a response from the store, after the upstream has answered with {@code
   * status}.
   */
  CacheStatus forwarded(int status, StoredResponse response) {
    resulted(status == 304 ? Counter.VALIDATED : Counter.STALE_HITS);
    return told(asked().forwardStatus(status).ttl(ttl(response)));
  }

  /** The Cache-Status of a response that is being stored. */
  CacheStatus stored() {
    CacheStatus status = asked().stored();
    return told(decision instanceof CacheDecision.Complete ? status.forwardStatus(206) : status);
  }

  /** The Cache-Status of a response that is not stored. */
  CacheStatus forwarded() {
    CacheStatus status = asked();
    Storability why = cache.settings().statusDetail() ? notStored : null;
    return told(why == null ? status : status.detail(why.token()));
  }

  /** That the upstream was asked, in spite of waiting for another one's answer if so. */
  private CacheStatus asked() {
    CacheStatus status = CacheStatus.forwarded(reason());
    return waitedBecause == null ? status : status.collapsed(false);
  }

  /** Tells the client, if it is to be told anything. */
  void tell(CacheStatus told, FieldEdits response) {
    String name = nameTold();
    if (name != null) {
      told.addTo(response, name);
    }
  }

  /** Our name in Cache-Status (RFC 9211); null if clients are told nothing. */
  @Nullable String nameTold() {
    return cache.settings().statusField() ? exchange.snapshot().via().name() : null;
  }

  /** Whether clients are told the key as well. */
  boolean tellsKey() {
    return cache.settings().statusKey();
  }

  /** A request of our own is none of a client's, whatever comes of it. */
  private void resulted(@Nullable Counter counter) {
    result = result == Counter.REFRESHED ? result : counter;
  }

  private CacheStatus told(CacheStatus status) {
    return tellsKey() ? status.key(request.key().text()) : status;
  }

  private long ttl(StoredResponse response) {
    return response.freshForSeconds(loop.wallClock());
  }

  /** What the cache has done, in a word of RFC 9211. */
  String outcome() {
    Counter counted = result();
    boolean hit = counted == Counter.HITS || counted == Counter.STALE_HITS;
    return hit && waitedBecause == null ? CacheStatus.HIT : reason().token();
  }

  private CacheStatus.Forward reason() {
    if (decision instanceof CacheDecision.Complete) {
      return CacheStatus.Forward.PARTIAL;
    }
    return decision instanceof CacheDecision.Validate validate
        ? validate.reason()
        : decision instanceof CacheDecision.Forward forward
            ? forward.reason()
            : CacheStatus.Forward.BYPASS;
  }
}
