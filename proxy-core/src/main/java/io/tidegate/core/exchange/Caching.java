package io.tidegate.core.exchange;

import io.tidegate.core.cache.Answer;
import io.tidegate.core.cache.ByteRanges;
import io.tidegate.core.cache.CacheControl;
import io.tidegate.core.cache.CacheDecision;
import io.tidegate.core.cache.CacheGroups;
import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.Conditions;
import io.tidegate.core.cache.PartialContent;
import io.tidegate.core.cache.Preconditions;
import io.tidegate.core.cache.RangeSelection;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.cache.memory.Collapse;
import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cache's part in one exchange: what it finds, whether to wait for another exchange that asks
 * for the same, and what becomes of what is stored when the upstream answers.
 */
final class Caching extends TimerWheel.Deadline {
  private static final List<FieldName> CONDITIONS =
      List.of(
          FieldName.IF_MATCH,
          FieldName.IF_NONE_MATCH,
          FieldName.IF_MODIFIED_SINCE,
          FieldName.IF_UNMODIFIED_SINCE,
          FieldName.IF_RANGE,
          FieldName.RANGE);

  /**
   * What we write into upstream requests ourselves: what a response that varies on it was selected
   * by is not in what clients send.
   */
  private static final Set<FieldName> OURS =
      Set.of(
          FieldName.of("Forwarded"),
          FieldName.of("Via"),
          FieldName.of("X-Forwarded-For"),
          FieldName.of("X-Forwarded-Host"),
          FieldName.of("X-Forwarded-Port"),
          FieldName.of("X-Forwarded-Proto"),
          FieldName.of("X-Real-IP"));

  private final ProxyExchange exchange;
  private final ResponseCache cache;
  private final IoLoop loop;
  private final ClientRequest request;
  private final TargetUri target;
  private final CacheKey key;
  private final CacheControl directives;

  private List<CacheStore.Entry> found = List.of();
  private CacheDecision decision =
      new CacheDecision.Forward(CacheStatus.Forward.METHOD, Conditions.NONE);
  private Collapse.@Nullable Lead lead;
  private boolean waiting;
  private boolean collapsed;
  private boolean stored;
  private boolean gone;
  private long requestTime;

  Caching(ProxyExchange exchange, ResponseCache cache, ClientRequest request) {
    this.exchange = exchange;
    this.cache = cache;
    this.loop = exchange.client().loop();
    this.request = withoutConnectionFields(request);
    this.target = new TargetUri(request.scheme(), request.authority(), request.pathAndQuery());
    this.key = cache.settings().keys().key(this.request.head(), target, "", "");
    this.directives = CacheControl.ofRequest(this.request.head().fields());
  }

  /** Whether the cache has anything to do with such a request. */
  static boolean concerns(ClientRequest request, @Nullable String upgrade) {
    return upgrade == null
        && request.pathAndQuery().startsWith("/")
        && !request.authority().host().isEmpty()
        && !request.head().method().equals("TRACE");
  }

  // Before the upstream is asked

  /** Tells {@link ProxyExchange#found} what to do. */
  void lookup() {
    String method = request.head().method();
    if (method.equals("GET") || method.equals("HEAD")) {
      cache.store().lookup(key, entries -> loop.run(() -> found(entries)));
    } else {
      exchange.found(decision, this);
    }
  }

  private void found(List<CacheStore.Entry> entries) {
    if (!exchange.isCompleted()) {
      found = entries;
      decision =
          cache.rules().decide(request.head(), directives, responses(entries), loop.wallClock());
      exchange.found(decision, this);
    }
  }

  private static List<StoredResponse> responses(List<CacheStore.Entry> entries) {
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
    for (CacheStore.Entry entry : found) {
      if (entry.response() == response) {
        return entry;
      }
    }
    throw new IllegalStateException("a response that was not found");
  }

  /**
   * Whether the exchange has to wait: another one asks for the same, and when that has its answer,
   * {@link ProxyExchange#found} is told again. An exchange waits once and not for long.
   */
  boolean mustWait() {
    if (collapsed || !request.head().method().equals("GET") || isParticular()) {
      return false;
    }
    lead = cache.collapse().lead(key, () -> loop.run(this::settled));
    if (lead != null) {
      return false;
    }
    waiting = true;
    set(loop.timers(), loop.now() + cache.settings().fillTimeout().toMillis());
    return true;
  }

  /** Whether the answer may be one that only this client can use. */
  private boolean isParticular() {
    Fields fields = request.head().fields();
    return isForOrigin()
        || fields.contains(FieldName.RANGE)
        || fields.contains(FieldName.AUTHORIZATION)
        || (!(decision instanceof CacheDecision.Validate)
            && (fields.contains(FieldName.IF_NONE_MATCH)
                || fields.contains(FieldName.IF_MODIFIED_SINCE)));
  }

  /** Whether no stored response could answer the request: it has content, say. */
  private boolean isForOrigin() {
    return decision instanceof CacheDecision.Forward forward
        && forward.reason() == CacheStatus.Forward.REQUEST;
  }

  private void settled() {
    if (waiting) {
      waiting = false;
      collapsed = true;
      cancel(loop.timers());
      lookup();
      loop.flush();
    }
  }

  @Override
  protected void expired() {
    waiting = false;
    collapsed = true;
    exchange.found(decision, this);
  }

  /** Fetches a fresh response while the stale one is used (RFC 5861 §3). */
  void revalidate(CacheDecision.Stale stale) {
    Collapse.Lead taken =
        stale.allowance() == CacheDecision.Allowance.WHILE_REVALIDATE
            ? cache.collapse().lead(key, () -> {})
            : null;
    if (taken != null) {
      exchange.revalidate(
          background -> {
            Caching theirs = new Caching(background, cache, background.request());
            theirs.found = found;
            theirs.lead = taken;
            theirs.decision =
                new CacheDecision.Validate(
                    stale.stored(), CacheStatus.Forward.STALE, stale.conditions());
            return theirs;
          });
    }
  }

  /** What is not forwarded selects nothing; only whether there is content counts all the same. */
  private static ClientRequest withoutConnectionFields(ClientRequest request) {
    Fields received = request.head().fields();
    if (!ConnectionFields.nominates(received)) {
      return request;
    }
    FieldEdits fields = new FieldEdits(received);
    ConnectionFields.strip(fields);
    for (FieldName name : List.of(FieldName.CONTENT_LENGTH, FieldName.TRANSFER_ENCODING)) {
      if (received.contains(name)) {
        fields.set(name, String.join(", ", received.all(name)));
      }
    }
    return with(request, request.head().method(), fields);
  }

  /** A request for the whole of what {@code request} asks for, whatever its client has. */
  static ClientRequest unconditional(ClientRequest request) {
    FieldEdits fields = new FieldEdits(request.head().fields());
    CONDITIONS.forEach(fields::remove);
    return with(request, "GET", fields);
  }

  private static ClientRequest with(ClientRequest request, String method, FieldEdits fields) {
    RequestHead head = request.head();
    return new ClientRequest(
        new RequestHead(method, head.target(), head.version(), fields.toFields()),
        request.target(),
        request.scheme(),
        request.authority(),
        request.secure(),
        request.clientAddress(),
        request.localAddress());
  }

  /** What makes the upstream request conditional. */
  Conditions conditions() {
    requestTime = loop.wallClock();
    return conditionsSent();
  }

  // When the upstream has answered

  private Answer answer(ResponseHead head) {
    CacheControl responseDirectives = cache.rules().directives(head.fields());
    return new Answer(
        request.head(),
        target,
        directives,
        head,
        responseDirectives,
        requestTime,
        loop.wallClock());
  }

  /** Forgets what the response says, or its method implies, is no longer good. */
  void invalidate(ResponseHead head) {
    if (!request.head().isSafe()) {
      for (TargetUri uri : cache.rules().invalidates(answer(head))) {
        cache.store().forUri(cache.settings().keys().uri(uri), cache.store()::remove);
      }
      for (String group : CacheGroups.invalidatedBy(request.head(), head.fields())) {
        cache.store().forLabel(ResponseCache.group(target, group), cache.store()::remove);
      }
    }
  }

  private Set<String> labels(Fields response) {
    if (!response.contains(FieldName.CACHE_GROUPS)) {
      return Set.of();
    }
    Set<String> labels = new HashSet<>();
    CacheGroups.of(response).forEach(group -> labels.add(ResponseCache.group(target, group)));
    return labels;
  }

  /** The stored response that a 304 is about, made fresh by it; null if it is about none. */
  CacheStore.@Nullable Entry freshened(ResponseHead head) {
    Answer answer = answer(head);
    CacheStore.Entry result = null;
    List<StoredResponse> candidates = responses(found);
    for (StoredResponse old : cache.rules().selected(candidates, conditionsSent(), head.fields())) {
      StoredResponse fresh = cache.rules().freshen(old, answer);
      if (cache.rules().mayKeep(fresh)) {
        result = cache.store().update(entryOf(old), fresh, labels(fresh.fields()));
      } else {
        cache.store().remove(entryOf(old));
      }
    }
    return result;
  }

  /**
   * Whether a 304 that is about nothing stored means nothing to the client either, who did not ask
   * for it, or has something else. Then the request is made again without conditions of ours.
   */
  boolean isUnaskedFor(ResponseHead head) {
    long now = loop.wallClock();
    boolean ours =
        !conditionsSent().isEmpty()
            && Preconditions.evaluate(request.head(), 200, head.fields(), now, now)
                != Preconditions.Outcome.NOT_MODIFIED;
    if (ours) {
      decision = new CacheDecision.Forward(reason(), Conditions.NONE);
    }
    return ours;
  }

  private Conditions conditionsSent() {
    return decision instanceof CacheDecision.Validate validate
        ? validate.conditions()
        : decision instanceof CacheDecision.Forward forward
            ? forward.conditions()
            : Conditions.NONE;
  }

  /** The response to HEAD tells about the stored response to GET (RFC 9111 §4.3.5). */
  void learnFromHead(ResponseHead head) {
    if (request.head().isHead() && !isForOrigin()) {
      Answer answer = answer(head);
      for (CacheStore.Entry entry : found) {
        if (entry.response().vary().matches(request.head().fields())) {
          StoredResponse fresh = cache.rules().freshenByHead(entry.response(), answer);
          if (fresh != null && cache.rules().mayKeep(fresh)) {
            cache.store().update(entry, fresh, labels(fresh.fields()));
          } else if (head.status() == 200) {
            cache.store().remove(entry);
          }
        }
      }
    }
  }

  /** Begins to store the response, or null if that may not be. */
  CacheStore.@Nullable NewEntry store(ResponseHead head, Framing framing, Destination from) {
    boolean query = request.head().method().equals("QUERY"); // which is never looked up
    StoredResponse response = query ? null : cache.rules().store(answer(head)).response();
    if (response == null
        || response.vary().names().stream().anyMatch(OURS::contains)
        || (head.status() == 206 && !isPartOfNothing(response, framing))) {
      return null;
    }
    CacheStore.NewEntry entry =
        cache
            .store()
            .store(
                key,
                response,
                from.toString(),
                labels(head.fields()),
                framing == Framing.NONE ? 0 : framing.length());
    stored = entry != null;
    return entry;
  }

  /**
   * Whether a part has what was asked for, is as long as it says, and takes the place of nothing
   * that may be more.
   */
  private boolean isPartOfNothing(StoredResponse response, Framing framing) {
    PartialContent part = response.part();
    ByteRanges asked = ByteRanges.of(request.head());
    return part != null
        && asked != null
        && part.select(asked, 1).kind() == RangeSelection.Kind.SOME
        && framing.length() == part.held().get(0).length()
        && responses(found).stream()
            .noneMatch(other -> other.vary().matches(request.head().fields()));
  }

  /** The stale response that is better than an error of the upstream's, or null. */
  CacheStore.@Nullable Entry insteadOf(int status) {
    boolean error = status == 500 || status == 502 || status == 503 || status == 504;
    StoredResponse stale = error ? stale() : null;
    return stale != null && cache.rules().mayUseOnError(stale, directives, loop.wallClock())
        ? entryOf(stale)
        : null;
  }

  /** The stale response that is better than no answer, or null. */
  CacheStore.@Nullable Entry insteadOfNone(Failure reason) {
    StoredResponse stale = reason.status() >= 502 ? stale() : null;
    return stale != null && cache.rules().mayUseUnreached(stale, directives, loop.wallClock())
        ? entryOf(stale)
        : null;
  }

  private @Nullable StoredResponse stale() {
    return decision instanceof CacheDecision.Validate validate && !gone ? validate.stored() : null;
  }

  /** What was found has been forgotten meanwhile. */
  void lose() {
    gone = true;
  }

  /** Those who wait may look again. */
  void settle() {
    if (lead != null) {
      lead.settle();
      lead = null;
    }
  }

  /** The exchange is over. */
  void end() {
    cancel(loop.timers());
    waiting = false;
    settle();
  }

  // What is told about it

  /** The Cache-Status of a response from the store. */
  CacheStatus hit(StoredResponse response) {
    return told(CacheStatus.hit().ttl(ttl(response)));
  }

  /** The Cache-Status of a stale response in place of an error with this status. */
  CacheStatus staleInsteadOf(int status, StoredResponse response) {
    return told(CacheStatus.forwarded(reason()).forwardStatus(status).ttl(ttl(response)));
  }

  /** The Cache-Status of a stored response that the upstream has said is good. */
  CacheStatus validated(StoredResponse response) {
    return told(CacheStatus.forwarded(reason()).forwardStatus(304).ttl(ttl(response)));
  }

  /** The Cache-Status of a response from the upstream. */
  CacheStatus forwarded() {
    CacheStatus status = CacheStatus.forwarded(reason());
    return told(stored ? status.stored() : status);
  }

  /** Whether clients are told anything (RFC 9211). */
  boolean tellsStatus() {
    return cache.settings().statusField();
  }

  /** Whether clients are told the key as well. */
  boolean tellsKey() {
    return cache.settings().statusKey();
  }

  private CacheStatus told(CacheStatus status) {
    CacheStatus all = collapsed ? status.collapsed() : status;
    return tellsKey() ? all.key(key.text()) : all;
  }

  private long ttl(StoredResponse response) {
    return Math.floorDiv(response.freshFor(loop.wallClock()), 1000L);
  }

  private CacheStatus.Forward reason() {
    return decision instanceof CacheDecision.Validate validate
        ? validate.reason()
        : decision instanceof CacheDecision.Forward forward
            ? forward.reason()
            : CacheStatus.Forward.BYPASS;
  }
}
