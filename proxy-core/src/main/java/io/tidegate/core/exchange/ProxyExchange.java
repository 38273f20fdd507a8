package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheDecision;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.coding.Compression;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.connect.UpstreamRequest;
import io.tidegate.core.header.RequestRules;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ReasonPhrase;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestFaults;
import io.tidegate.core.spi.Authenticator;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.Stage;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The life of one request: a method per {@link Stage}, in order. Each asks a pure object for a
 * decision, then acts or calls the next stage by name. Which destination is tried, and whether
 * another one after it, is told in {@link Attempts}, which has the stages SELECT and CONNECT;
 * content is relayed by {@link RequestRelay} and {@link ResponseRelay}.
 *
 * <p>Everything happens on the thread of one loop; {@link #enter} asserts it.
 */
final class ProxyExchange {
  private final Pipeline pipeline;
  private final Snapshot snapshot;
  private final ClientExchange client;
  private final IoLoop loop;
  private final RequestRelay requestRelay;
  private final Watchdog watchdog;
  private final Attempts attempts;

  /** Null if there are no listeners: nobody else asks. */
  private final @Nullable StageTimes times;

  private Stage stage = Stage.VALIDATE;
  private String method = "";
  private @Nullable ClientRequest request;
  private @Nullable TraceContext trace;

  /** Null if nobody follows exchanges; of one of our own, what has caused it. */
  private @Nullable Observed observed;

  private Framing requestFraming = Framing.NONE;
  private @Nullable String upgrade;
  private int maxForwards = -1;
  private @Nullable Route route;
  private ExchangeSettings settings;
  private @Nullable Pace pace;
  private boolean replaced;

  /** Whether somebody else has still to say that the request may pass. */
  private boolean unauthorized;

  private @Nullable ResponseProgress progress;

  /** Takes back what is to happen next, if it is to happen later. */
  private @Nullable Runnable postponed;

  private @Nullable Caching caching;
  private long storedOctets;

  /** Of the response that we have made ourselves. */
  private long ownOctets;

  /** Of the response, before any rule about them; for listeners. */
  private Fields responseFields = Fields.empty();

  private @Nullable Failure failure;
  private int status;
  private boolean completed;
  private @Nullable Tunnelling tunnel;

  /** Decides by {@code snapshot} to its end. */
  ProxyExchange(Pipeline pipeline, Snapshot snapshot, ClientExchange client) {
    this.pipeline = pipeline;
    this.snapshot = snapshot;
    this.client = client;
    this.loop = client.loop();
    this.times = snapshot.listeners().isEmpty() ? null : new StageTimes(loop.nanos());
    this.settings = snapshot.settings();
    this.attempts = new Attempts(this);
    this.requestRelay = new RequestRelay(this, client);
    this.watchdog = new Watchdog(this, loop);
    client.attach(requestRelay);
    if (!isOwn()) {
      pipeline.traffic().began();
    }
  }

  // ---- the stages

  void start(RequestHead head) {
    method = head.method();
    orFail(() -> validate(head));
  }

  /** What came was no request, or not in time. */
  void refuse(Failure reason) {
    enter(Stage.VALIDATE);
    fail(reason);
  }

  private void validate(RequestHead head) throws BadMessageException {
    enter(Stage.VALIDATE);
    RequestTarget target = RequestTarget.parse(head.method(), head.target());
    Authority authority = RequestRules.authority(head, target);
    requestFraming = RequestRules.checked(head, client.framing(head));
    if (requestFraming.isEmpty()) {
      client.receive(requestFraming);
    }
    upgrade = RequestRules.upgrade(head, requestFraming);
    ClientRequest validated = received(head, target, authority);
    Plugins plugins = snapshot.plugins();
    // Nobody but the authenticator sees how a client has proved who it is.
    ClientRequest shown =
        plugins.authenticator() == null ? validated : validated.withoutCredentials();
    request = shown;
    trace = snapshot.tracing().follow(shown, loop.random());
    observe(shown);
    OwnResponse page = plugins.pages().page(validated);
    Failure misdirected =
        client.passthrough() == null
            ? plugins.direction().refuses(target, upgrade != null, client.isSecure())
            : null;
    if (page != null) {
      respondOurselves(page);
    } else if (misdirected != null) {
      fail(misdirected);
    } else if (snapshot.via().isIn(head.fields())) {
      fail(
          Failure.of(
              ProxyError.PROXY_LOOP_DETECTED, "the request has passed through this proxy before"));
    } else {
      authorize(validated, shown);
    }
  }

  private ClientRequest received(RequestHead head, RequestTarget target, Authority authority) {
    String scheme =
        target instanceof RequestTarget.AbsoluteForm absolute
            ? absolute.scheme()
            : client.isSecure() ? "https" : "http";
    return new ClientRequest(
        head,
        target,
        scheme,
        authority,
        client.isSecure(),
        client.clientAddress(),
        client.localAddress(),
        client.certificates(),
        client.identity());
  }

  private void authorize(ClientRequest validated, ClientRequest shown) throws BadMessageException {
    Authenticator authenticator = snapshot.plugins().authenticator();
    enter(Stage.AUTHORIZE);
    if (authenticator == null || shown.identity() != null) {
      permit(shown);
    } else {
      new Question<Identity>(this, client -> permit(shown.from(client)))
          .ask(completion -> authenticator.authenticate(validated, completion));
    }
  }

  /** Whoever the client is, it is known by now. */
  private void permit(ClientRequest identified) throws BadMessageException {
    request = identified;
    Failure refused = snapshot.plugins().access().refuses(identified);
    if (refused != null) {
      fail(refused);
      return;
    }
    maxForwards = RequestRules.maxForwards(identified.head());
    if (maxForwards == 0) {
      respondOurselves(LastRecipient.answer(identified));
    } else if (snapshot.plugins().filters().isEmpty()) {
      resolve(identified);
    } else {
      new Filtering(this).request(identified, this::resolve);
    }
  }

  private void resolve(ClientRequest authorized) throws BadMessageException {
    enter(Stage.RESOLVE);
    request = authorized;
    DestinationResolver own = client.passthrough();
    DestinationResolver resolver = own == null ? snapshot.plugins().resolver() : own;
    Resolution resolution = resolver.resolve(authorized);
    if (resolution instanceof Route found) {
      take(found);
      ClientRequest resolved = normal(authorized, found);
      attempts.use(found.destinations(resolved));
      pace = found.pace(resolved);
      if (requestFraming.length() > settings().maxBodyBytes()) {
        fail(Failure.badRequest(413, "the content is too long"));
      } else if (found.authorization() != null) {
        unauthorized = true;
        watchdog.connecting();
        new AuthorizationRequest(this, found.authorization(), resolved).start();
      } else {
        lookup(resolved);
      }
    } else if (resolution instanceof OwnResponse response) {
      respondOurselves(response);
    } else {
      fail((Failure) resolution);
    }
  }

  /** What happens next happens later; {@code takeBack} takes it back, null if it is here. */
  void postpone(@Nullable Runnable takeBack) {
    postponed = takeBack;
  }

  /** The server that was asked has let the request pass, as {@code granted}. */
  void authorized(ClientRequest granted) {
    if (!completed) {
      postponed = null;
      unauthorized = false;
      request = granted;
      orFail(() -> lookup(granted));
    }
  }

  /** The server that was asked has not, and this is its answer. */
  void notAuthorized(OwnResponse answer) {
    if (!completed) {
      postponed = null;
      respondOurselves(answer);
    }
  }

  /** The request in the spelling by which responses that are compressed are stored. */
  private ClientRequest normal(ClientRequest authorized, Route found) {
    Compression compression = found.compression();
    if (compression != null && upgrade == null) {
      request = authorized.with(compression.normal(authorized.head()));
    }
    return request();
  }

  private void take(Route found) {
    route = found;
    ExchangeSettings own = found.settings();
    settings = own == null ? snapshot.settings() : own;
  }

  private void lookup(ClientRequest resolved) throws BadMessageException {
    ResponseCache cache = cache();
    if (cache != null && cache.purge().concerns(resolved)) {
      purge(resolved, cache);
      return;
    }
    if (cache == null || !Caching.concerns(resolved, upgrade)) {
      select();
    } else if (CachedRequest.needsContent(resolved.head(), requestFraming, cache.settings())) {
      requestRelay.collect(requestFraming, cache.settings().maxQueryBytes());
    } else {
      lookup(resolved, cache);
    }
  }

  /** The content of the request is here, or more of it than is kept. */
  void collected() {
    watchdog.collected();
    orFail(
        () -> {
          ResponseCache cache = cache();
          if (cache == null) {
            select();
          } else {
            lookup(request(), cache);
          }
        });
  }

  /** The cache; null if there is none, or nobody would end what begins from now on. */
  private @Nullable ResponseCache cache() {
    return pipeline.isStopped() ? null : snapshot.cache();
  }

  private void lookup(ClientRequest resolved, ResponseCache cache) {
    enter(Stage.LOOKUP);
    CachedRequest cached =
        CachedRequest.of(resolved, route(), requestFraming, requestRelay.collected(), cache);
    caching = new Caching(this, cache, cached);
    caching.lookup();
  }

  private void purge(ClientRequest resolved, ResponseCache cache) throws BadMessageException {
    enter(Stage.LOOKUP);
    Failure refused = cache.purge().refuses(resolved);
    if (refused != null) {
      fail(refused);
      return;
    }
    Purging.start(this, cache);
    if (!requestFraming.isEmpty()) {
      client.receive(requestFraming); // there is nobody to relay it to
    }
  }

  /** So many stored responses have been invalidated, as the client asked. */
  void purged(long count) {
    if (!completed) {
      respondOurselves(Purging.answer(count));
    }
  }

  /** What the cache has found. */
  void found(CacheDecision decision, Caching cached) {
    try {
      if (decision instanceof CacheDecision.Fresh fresh) {
        respondFresh(cached.entryOf(fresh.stored()), fresh.age(), cached);
      } else if (decision instanceof CacheDecision.Stale stale) {
        respondStored(cached.entryOf(stale.stored()), cached.hit(stale.stored()), null, cached);
        cached.revalidate(stale);
      } else if (decision instanceof CacheDecision.Unsatisfied) {
        fail(unsatisfied());
      } else if (!cached.mustWait()) {
        select();
      }
    } catch (RuntimeException | Error e) {
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    }
  }

  private static Failure unsatisfied() {
    return Failure.badRequest(504, "no stored response will do");
  }

  /** Asks for the same on our own account; {@code cached} makes the cache's part of that. */
  void revalidate(Function<ProxyExchange, Caching> cached) {
    ProxyExchange own = beside(new NoClient(client));
    CollectedContent content = requestRelay.collected();
    if (content != null) {
      own.repeat(requestFraming, content);
    }
    own.start(CachedRequest.unconditional(request()), route(), cached);
  }

  /** The request has this content, which is here. */
  void repeat(Framing framing, CollectedContent content) {
    requestFraming = framing;
    requestRelay.repeat(content);
  }

  /** Sends a request of our own; {@code cached} makes the cache's part of it, if it has one. */
  void start(ClientRequest own, Route same, @Nullable Function<ProxyExchange, Caching> cached) {
    method = own.head().method();
    request = own;
    take(same);
    caching = cached == null ? null : cached.apply(this);
    pipeline.began(this);
    orFail( // nothing that whoever has caused the request has to do with
        () -> {
          attempts.use(same.destinations(own));
          select();
        });
  }

  /** All of the content of the request is here: now somebody may be asked. */
  void buffered() {
    watchdog.collected();
    requestFraming = requestRelay.framing(requestFraming);
    orFail(this::select);
  }

  private void select() {
    if (requestRelay.buffer(requestFraming, buffering())) {
      return;
    }
    attempts.next();
  }

  /** An attempt has got a connection. */
  void send(Attempt sending, UpstreamConnection connection, ResponseRelay relay) {
    enter(Stage.SEND);
    attempts.sent();
    ClientRequest sent = request();
    if (sent.head().isConnect()) {
      connected(sending, connection);
      return;
    }
    progress = relay;
    UpstreamRequest described =
        UpstreamHead.of(
            sent,
            route(),
            connection.destination(),
            requestFraming,
            requestRelay.expectsContinue(requestFraming),
            upgrade,
            maxForwards,
            caching,
            snapshot.via(),
            sending);
    watchdog.requestSent();
    connection.send(described, relay);
    if (pace != null) {
      connection.readAtMost(Throttle.SMALLEST); // content comes with the head
    }
    mirror();
    if (requestFraming.isEmpty()) {
      connection.endRequest(null);
    }
    requestRelay.start(connection, requestFraming);
    if (!completed) {
      watchdog.watch();
      attempts.hedgeLater();
    }
  }

  /** The connection that CONNECT asked for is there. */
  private void connected(Attempt sending, UpstreamConnection connection) {
    ResponseHead opened = new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", Fields.empty());
    attempts.opened(sending, opened);
    filter(
        opened,
        connection,
        head -> {
          sending.release();
          boolean tlsOnly =
              snapshot.plugins().access().requiresTls(request(), connection.address());
          tunnel(head, new FieldEdits(head.fields()), connection, tlsOnly);
        });
  }

  private void filter(
      ResponseHead head, UpstreamConnection connection, Question.Next<ResponseHead> then) {
    orFail(
        () -> {
          if (isFiltered()) {
            new Filtering(this).response(head, connection, then);
          } else {
            then.take(head);
          }
        });
  }

  /** Copies of requests and questions of our own bring nothing to a client. */
  private boolean isFiltered() {
    boolean reachesClients = caching != null || !isOwn();
    return reachesClients && !snapshot.plugins().filters().isEmpty();
  }

  /** Copies the request for servers that nobody waits for. */
  private void mirror() {
    Mirror copy = Mirror.of(this, requestFraming);
    if (copy != null && requestFraming.isEmpty()) {
      copy.end(Fields.empty());
    } else if (copy != null) {
      requestRelay.mirror(copy);
    }
  }

  /** An interim response: passed on, whichever it is (RFC 9110 §15.2). */
  void receiveInterim(ResponseHead head, ResponseRelay relay) {
    enter(Stage.RECEIVE);
    client.interim(head.status(), head.reason(), ClientHead.interim(head, relay.from(), this));
    if (client.backlogged()) {
      relay.pause();
    }
    requestRelay.continued();
  }

  /** The head of the final response. */
  void receive(
      ResponseHead head, Framing framing, UpstreamConnection connection, Attempt received) {
    enter(Stage.RECEIVE);
    received.received();
    if (head.status() == 407 && connection.destination().isRelay()) {
      connection.close(); // what a parent proxy asks of us is not for the client to answer
      attempts.failed(received, ParentUnavailableException.unknown(), false);
      return;
    }
    if (attempts.responded(received, head, framing)) {
      return; // another one is under way, which may do better
    }
    progress = received.relay();
    if (head.status() >= 400 && respondInstead(received, head, framing)) {
      return;
    }
    filter(head, connection, left -> received(left, framing, connection));
  }

  private void received(ResponseHead head, Framing framing, UpstreamConnection connection) {
    if (!client.takes(head)) {
      connection.close();
      fail(Failure.of(ProxyError.HTTP_UPGRADE_FAILED, "the upstream opened no WebSocket"));
    } else if (head.status() != 101) {
      pass(passed(head, framing), connection);
    } else if (upgrade != null && ClientHead.upgradesTo(head, upgrade)) {
      FieldEdits fields =
          ClientHead.edits(request(), route(), attempts.current().destination(), head, this);
      ClientHead.addUpgrade(fields, upgrade);
      tunnel(head, fields, connection, false);
    } else {
      connection.close();
      fail(Failure.of(ProxyError.HTTP_UPGRADE_FAILED, "the upstream switched protocols unasked"));
    }
  }

  private PassedResponse passed(ResponseHead head, Framing framing) {
    return PassedResponse.of(
        route().compression(),
        request().head(),
        head,
        framing,
        caching == null ? null : caching.validated(),
        pipeline.encoders());
  }

  private void pass(PassedResponse response, UpstreamConnection connection) {
    if (caching == null || !store(response, connection, caching)) {
      respond(response, connection);
    }
  }

  /** Whether the client gets its response from the store now, or a later one. */
  private boolean store(PassedResponse response, UpstreamConnection connection, Caching cached) {
    enter(Stage.STORE);
    Attempt asked = attempts.current();
    Destination from = asked.destination();
    ResponseHead received = ClientHead.withoutConnectionFields(response.head());
    StoreOutcome outcome = cached.update(received, response.framing(), from, requestRelay.isSent());
    if (outcome instanceof StoreOutcome.Repeated) {
      asked.release();
      if (!response.framing().isEmpty()) {
        connection.close();
      }
      attempts.again(from);
      return true;
    }
    if (outcome instanceof StoreOutcome.Stored stored) {
      fill(connection, stored, response, cached);
    } else if (outcome instanceof StoreOutcome.Stale) {
      connection.close();
    }
    cached.settle();
    if (outcome instanceof StoreOutcome.Relayed) {
      return false;
    }
    asked.release();
    try {
      respondStored(outcome, received, cached);
    } catch (RuntimeException | Error e) { // the connection tells others by now
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    }
    return true;
  }

  /** The rest of the response goes into the store, whatever becomes of this exchange. */
  private void fill(
      UpstreamConnection connection,
      StoreOutcome.Stored stored,
      PassedResponse response,
      Caching cached) {
    CacheFill fill =
        new CacheFill(
            pipeline,
            connection,
            stored.entry(),
            stored.behind(),
            settings().idleTimeout(),
            cached.patience(),
            attempts.lend());
    connection.passTo(response.to(fill, pipeline));
    fill.start();
  }

  private void respondFresh(CacheStore.Entry entry, long age, Caching cached) {
    enter(Stage.RESPOND);
    StoredResponder responder = new StoredResponder(this, cached);
    if (!responder.respondAtOnce(entry, age)
        && !responder.respond(entry, cached.hit(entry.response()), null)) {
      lost(cached);
    }
  }

  private void respondStored(StoreOutcome outcome, ResponseHead received, Caching cached) {
    enter(Stage.RESPOND);
    if (!new StoredResponder(this, cached).respond(outcome, received)) {
      lost(cached);
    }
  }

  private void respondStored(
      CacheStore.Entry entry, CacheStatus told, @Nullable ResponseHead news, Caching cached) {
    enter(Stage.RESPOND);
    if (!new StoredResponder(this, cached).respond(entry, told, news)) {
      lost(cached);
    }
  }

  /** What should have been the response was forgotten before it could be read. */
  private void lost(Caching cached) {
    Destination asked = attempts.takeBack();
    cached.lose(asked != null);
    if (asked != null) {
      attempts.again(asked);
    } else if (cached.isOnlyForStored()) {
      fail(unsatisfied());
    } else {
      select();
    }
  }

  /** The client gets a response with this status from the store, which has these fields. */
  void responding(int code, Fields stored) {
    status = code;
    responseFields = stored;
  }

  /** The client has got all of the response, with so much content. */
  void responded(int code, long octets) {
    status = code;
    storedOctets = octets;
    responseEnded();
  }

  /** The client gets its content from the store. */
  void relay(StoredResponseRelay relay) {
    progress = relay;
    watchdog.requestSent();
    relay.start();
    watchdog.watch();
  }

  private void respond(PassedResponse response, UpstreamConnection connection) {
    enter(Stage.RESPOND);
    ResponseHead head = response.head();
    Framing framing = response.framing();
    Attempt from = attempts.current();
    ResponseRelay relay = Objects.requireNonNull(from.relay());
    FieldEdits fields = ClientHead.edits(request(), route(), from.destination(), head, this);
    ClientHead.addLength(fields, request().head().method(), head, framing);
    if (caching != null) {
      caching.tell(caching.forwarded(), fields);
    }
    status = head.status();
    responseFields = head.fields();
    BodySink sink = client.respond(status, head.reason(), fields, framing);
    if (head.version() != HttpVersion.HTTP_2) {
      sink.wholeAfter(framing.length());
    }
    connection.passTo(response.to(relay, pipeline));
    requestRelay.settle();
    relay.start(
        sink,
        takesTrailers(request().head()),
        buffering().responses() && ResponseBuffer.takes(head));
    watchdog.watch();
  }

  /** HTTP/2 has room for trailers in any message. */
  private static boolean takesTrailers(RequestHead head) {
    return head.version() == HttpVersion.HTTP_2 || Trailers.areWelcome(head.fields());
  }

  private void tunnel(
      ResponseHead head, FieldEdits fields, UpstreamConnection connection, boolean tlsOnly) {
    enter(Stage.TUNNEL);
    if (!isOwn()) {
      pipeline.traffic().tunnelled();
    }
    status = head.status();
    watchdog.stop();
    Tunnelling open = new Tunnelling(this, connection.takeOver(), tlsOnly);
    attempts.release();
    tunnel = open;
    client.tunnel(status, head.reason(), fields, open::begin);
  }

  private void complete() {
    if (completed) {
      return;
    }
    completed = true;
    Stage last = stage;
    enter(Stage.COMPLETE);
    watchdog.stop();
    if (progress != null) {
      progress.close();
    }
    requestRelay.close();
    if (isOwn()) {
      pipeline.ended(this);
    } else {
      count(last);
    }
    if (caching != null) {
      caching.end(octetsSent());
    }
    attempts.end(failure);
    observedEnd();
    if (times != null) {
      tell(last, times);
    }
  }

  // ---- what goes beside

  void enter(Stage next) {
    assert loop.inLoop() : "off the IO thread of the exchange in " + next;
    stage = next;
    if (times != null && next == Stage.SELECT) {
      times.selecting(loop.nanos());
    }
    snapshot.listeners().entered(next, request);
  }

  private void count(Stage last) {
    pipeline
        .traffic()
        .ended(last == Stage.TUNNEL, status, failure != null, octetsReceived(), octetsOfResponse());
  }

  /** An attempt begins, at a destination that was selected. */
  void selected(Attempt attempt) {
    if (times != null) {
      times.selected(attempt.beganAt());
    }
  }

  /** An attempt has got the head of a response, or has failed before. */
  void attempted(Attempt attempt, int code, @Nullable Failure reason) {
    attempt.ended(code, reason);
    if (snapshot.listeners().wantAttempts()) {
      long ended = attempt.receivedAt() == 0 ? loop.nanos() : attempt.receivedAt();
      snapshot
          .listeners()
          .attempted(
              new ExchangeListener.Attempt(
                  request(),
                  route(),
                  attempt.destination(),
                  code,
                  reason,
                  ended - attempt.beganAt()));
    }
  }

  private void observe(ClientRequest shown) {
    ExchangeObserver observer = snapshot.observer();
    if (observer != null) {
      observed = Observed.begin(observer, shown, snapshot.tracing().believed(shown));
    }
  }

  /** An attempt begins, which somebody may follow: then the trace is the one they tell of. */
  Observed.@Nullable OfAttempt observe(Destination destination) {
    Observed.OfAttempt begun =
        observed == null ? null : observed.attempting(request(), route(), destination);
    TraceContext told = begun == null ? null : TraceContext.of(begun.fields());
    trace = told == null ? trace : told;
    return begun;
  }

  /** What is one of our own is a part of another one, and has no end of itself. */
  void observedEnd() {
    if (observed != null && !isOwn()) {
      observed.ended(route, status, caching == null ? null : caching.outcome(), failure);
    }
  }

  /** The part of a trace that the exchange is; null if that is no matter of ours. */
  @Nullable TraceContext trace() {
    return trace;
  }

  /** The time in nanoseconds if somebody is told how long things take, else 0. */
  long watched() {
    return times == null ? 0 : loop.nanos();
  }

  private void tell(Stage ended, StageTimes taken) {
    Attempt last = attempts.last();
    snapshot
        .listeners()
        .completed(
            new ExchangeListener.Outcome(
                request,
                route,
                last == null ? null : last.destination(),
                attempts.count(),
                status,
                caching == null ? null : caching.outcome(),
                failure,
                ended,
                octetsReceived(),
                octetsOfResponse(),
                taken.times(client.headNanos(), last, loop.nanos()),
                client.side(),
                client.requestNumber(),
                last != null && last.reusedConnection(),
                responseFields,
                trace));
  }

  /** How much content has come from the client; in a tunnel, all that has. */
  private long octetsReceived() {
    return Math.max(requestRelay.octets(), tunnel == null ? 0 : tunnel.fromClient());
  }

  /** How much content the client has got; in a tunnel, all that it has. */
  private long octetsOfResponse() {
    return Math.max(octetsSent() + ownOctets, tunnel == null ? 0 : tunnel.fromUpstream());
  }

  /** How much content the client has got. */
  private long octetsSent() {
    return progress == null ? storedOctets : progress.octets();
  }

  /** The tunnel has ended; {@code refusal} is why it did not open, or null. */
  void tunnelEnded(@Nullable Failure refusal) {
    failure = refusal;
    complete();
  }

  /** A step of an exchange. */
  interface Step {
    void run() throws BadMessageException;
  }

  /** Runs a step; what it throws fails the exchange. */
  void orFail(Step step) {
    try {
      step.run();
    } catch (BadMessageException e) {
      fail(RequestFaults.failure(e));
    } catch (RuntimeException | Error e) {
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    }
  }

  /** Nothing more comes from the upstream, and the client still gets what is buffered. */
  void upstreamEnded(@Nullable Failure reason) {
    attempts.release();
    attempts.giveBack(reason);
  }

  /** The response is complete. */
  void responseEnded() {
    attempts.release();
    if (!client.requestEnded()) {
      client.discardRequest();
    }
    complete();
    client.finish();
  }

  /** The client has gone away, and so has the reason for all this. */
  void clientGone() {
    failure = Failure.badRequest(499, "the client went away");
    abandonUpstream();
    complete();
  }

  /**
   * Ends the exchange: with an error response, or by cutting the connection if a response has
   * begun.
   */
  void fail(Failure reason) {
    if (completed) {
      return;
    }
    abandonUpstream();
    if (status == 0 && (respondStale(reason) || respondInstead(reason))) {
      return;
    }
    failure = reason;
    if (status != 0) {
      complete();
      client.abort();
      return;
    }
    client.failed(reason);
    answer(ErrorResponse.of(reason, snapshot.via().name()));
  }

  /** Answers with a stale response in place of an error, if there is one that may be used. */
  private boolean respondStale(Failure reason) {
    Caching cached = caching;
    CacheStore.Entry stale = cached == null ? null : cached.insteadOf(reason);
    if (cached == null || stale == null) {
      return false;
    }
    attempts.giveBack(reason);
    failure = reason;
    try {
      respondStored(stale, cached.hit(stale.response()), null, cached);
    } catch (RuntimeException | Error e) {
      cached.lose(true);
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    }
    return true;
  }

  /** Answers with what the route has in place of an error, if it has anything. */
  private boolean respondInstead(Failure reason) {
    Resolution instead = instead(reason);
    if (instead == null) {
      return false;
    }
    serve(instead, reason);
    return true;
  }

  /** The same in place of a response that is as bad as none. */
  private boolean respondInstead(Attempt received, ResponseHead head, Framing framing) {
    Failure reason =
        Failure.of(ProxyError.DESTINATION_UNAVAILABLE, "no destination could serve the request");
    boolean stale = caching != null && caching.insteadOf(reason) != null;
    Resolution instead =
        !stale && route().retry().isFailure(head.status()) ? instead(reason) : null;
    if (instead == null) {
      return false;
    }
    attempts.drop(received, framing);
    serve(instead, reason);
    return true;
  }

  /** What the route has in place of an error that can serve the request, or null. */
  private @Nullable Resolution instead(Failure reason) {
    ClientRequest failed = request;
    Route of = route;
    if (failed == null || of == null || replaced) {
      return null;
    }
    Resolution instead = of.instead(failed, reason);
    boolean repeatable =
        !unauthorized
            && requestRelay.isWhole(requestFraming)
            && (attempts.count() == 0 || failed.head().isIdempotent());
    return instead instanceof OwnResponse || (instead instanceof Route && repeatable)
        ? instead
        : null;
  }

  private void serve(Resolution instead, Failure reason) {
    replaced = true;
    failure = reason;
    if (instead instanceof OwnResponse own) {
      respondOurselves(own);
    } else if (instead instanceof Route other) {
      if (caching != null) {
        caching.end(0);
        caching = null; // what answers is not what was asked for
      }
      take(other);
      attempts.use(other.destinations(request()), reason);
      orFail(this::select);
    }
  }

  /** Answers in place of an upstream that has answered already. */
  void replace(OwnResponse own) {
    abandonUpstream();
    respondOurselves(own);
  }

  /** Answers ourselves, and asks no upstream. */
  void respondOurselves(OwnResponse own) {
    enter(Stage.RESPOND);
    answer(own);
  }

  private void answer(OwnResponse own) {
    status = own.status();
    responseFields = own.fields();
    client.discardRequest();
    FieldEdits fields = new FieldEdits(own.fields());
    fields.set(FieldName.DATE, loop.date());
    if (request != null && route != null) {
      route.headers().ownResponse(request, fields);
    }
    byte[] content = own.content();
    boolean none = status == 204 || status == 304;
    BodySink sink =
        client.respond(
            status,
            ReasonPhrase.of(status),
            fields,
            none ? Framing.NONE : Framing.fixed(content.length));
    if (!none && !method.equals("HEAD")) {
      ownOctets = content.length;
      sink.wholeAfter(content.length);
      sink.write(ByteBuffer.wrap(content));
    }
    sink.end(null);
    complete();
    client.finish();
  }

  /** Takes back what was to happen later, and closes what leads to an upstream. */
  private void abandonUpstream() {
    takeBackPostponed();
    attempts.abandon();
    if (tunnel != null) {
      tunnel.abandon();
    }
  }

  /** Takes back what was to happen later. */
  void takeBackPostponed() {
    if (postponed != null) {
      postponed.run();
      postponed = null;
    }
  }

  ClientRequest request() {
    if (request == null) {
      throw new IllegalStateException("the request has not been validated");
    }
    return request;
  }

  Route route() {
    if (route == null) {
      throw new IllegalStateException("the request has not been resolved");
    }
    return route;
  }

  /** Which content is buffered. */
  BufferingSettings buffering() {
    BufferingSettings own = route().buffering();
    return own == null ? snapshot.buffering() : own;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  /** What this exchange decides by. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** An exchange of our own that this one has caused, and that decides by the same. */
  ProxyExchange beside(NoClient own) {
    ProxyExchange beside = new ProxyExchange(pipeline, snapshot, own);
    beside.trace = trace == null ? null : trace.next(loop.random());
    beside.observed = observed;
    return beside;
  }

  /** Limits and time-outs: those of the route, else of the proxy. */
  ExchangeSettings settings() {
    return settings;
  }

  /** How fast octets may pass; null for as fast as they come. */
  @Nullable Pace pace() {
    return pace;
  }

  ClientExchange client() {
    return client;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  Attempts attempts() {
    return attempts;
  }

  /** Whether the request could be sent again with all of its content. */
  boolean isRepeatable() {
    return requestRelay.isRepeatable(requestFraming);
  }

  /** Whether the client asks for another protocol in place of HTTP. */
  boolean isUpgrade() {
    return upgrade != null;
  }

  /** Whether the request could be sent twice without any harm. */
  boolean isSafeAndEmpty() {
    return request().head().isSafe() && requestFraming.isEmpty() && upgrade == null;
  }

  RequestRelay requestRelay() {
    return requestRelay;
  }

  @Nullable ResponseProgress progress() {
    return progress;
  }

  /** Whether the request is the proxy's own, and no client's. */
  boolean isOwn() {
    return client instanceof NoClient;
  }

  /** Whether nothing more will happen. */
  boolean isCompleted() {
    return completed;
  }

  /** Whether the client has the head of a final response. */
  boolean isResponding() {
    return status != 0;
  }
}
