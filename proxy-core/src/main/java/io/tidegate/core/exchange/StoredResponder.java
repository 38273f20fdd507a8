package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers one request from the store: the usual hit in one write, any other as it has to be. */
final class StoredResponder {
  /** Stored content up to this length leaves in one write with its head. */
  private static final int MAX_FROZEN = 16 << 10;

  private final ProxyExchange exchange;
  private final Caching caching;
  private final ClientExchange client;

  StoredResponder(ProxyExchange exchange, Caching caching) {
    this.exchange = exchange;
    this.caching = caching;
    this.client = exchange.client();
  }

  /** Answers in one write; false, and nothing has happened, if that is not possible. */
  boolean respondAtOnce(CacheStore.Entry entry, long age) {
    Pace pace = exchange.pace();
    FrozenHead head =
        FrozenHead.serves(exchange.request().head())
                && entry.length() <= MAX_FROZEN
                && !caching.hasWaited()
                && (pace == null || pace.toClient(0) == 0)
            ? FrozenHead.of(entry, exchange.route().headers())
            : null;
    ByteBuffer room = head == null ? null : client.room(head.room(entry.length()));
    if (head == null || room == null) {
      return false;
    }
    int start = room.position();
    head.putTo(room, age, entry.response().freshForSeconds(client.loop().wallClock()));
    if (!entry.copyTo(room)) {
      room.position(start);
      return false;
    }
    if (pace != null) {
      pace.toClient((int) entry.length()); // whoever comes next waits for what is owed
    }
    exchange.responding(entry.response().status(), entry.response().fields());
    exchange.responded(entry.response().status(), entry.length());
    return true;
  }

  /**
   * Answers, or begins to, with what the store has after the upstream has sent {@code received}.
   *
   * @return false, and nothing has happened, if the content is gone
   */
  boolean respond(StoreOutcome outcome, ResponseHead received) {
    if (outcome instanceof StoreOutcome.Stored stored) {
      return respond(stored.entry().entry(), caching.stored(), received);
    }
    if (outcome instanceof StoreOutcome.Validated valid) {
      CacheStatus told = caching.forwarded(304, valid.entry().response());
      return respond(valid.entry(), told, received);
    }
    if (outcome instanceof StoreOutcome.Stale stale) {
      CacheStatus told = caching.forwarded(received.status(), stale.entry().response());
      return respond(stale.entry(), told, null);
    }
    throw new IllegalArgumentException("nothing stored: " + outcome);
  }

  /**
   * Answers, or begins to.
   *
   * @param told what is said of it in Cache-Status
   * @param news what the origin has just said about the response, or null if it was not asked: that
   *     is what Age is about (RFC 9111 §5.1)
   * @return false, and nothing has happened, if the content is gone
   */
  boolean respond(CacheStore.Entry entry, CacheStatus told, @Nullable ResponseHead news) {
    FieldEdits fields = fields(entry, entry.response().fields());
    freeze(entry, fields);
    Fields own = news == null ? null : withOwn(entry.response(), news);
    if (own != null) {
      fields = fields(entry, own);
    }
    String age = age(entry.response(), news);
    if (age != null) {
      fields.set(FieldName.AGE, age);
    }
    caching.tell(told, fields);
    long now = client.loop().wallClock();
    StoredAnswer answer = StoredAnswer.of(exchange.request().head(), entry, fields, now);
    BodyReader reader = answer.hasContent() ? answer.content(entry) : null;
    if (reader == null && answer.hasContent()) {
      return false;
    }
    exchange.responding(answer.status(), entry.response().fields());
    BodySink sink = client.respond(answer.status(), answer.reason(), fields, answer.framing());
    if (reader == null) {
      sink.end(null);
      exchange.responded(answer.status(), 0);
    } else {
      sink.wholeAfter(answer.framing().length());
      exchange.relay(new StoredResponseRelay(exchange, reader, sink));
    }
    return true;
  }

  /**
   * What is stored together with what is only for the client that has caused the answer (RFC 9111
   * §5.2.2.4, §5.2.2.7); null if there is no such field.
   */
  private static @Nullable Fields withOwn(StoredResponse stored, ResponseHead news) {
    List<FieldName> names = stored.directives().unstoredFields();
    if (names.isEmpty()) {
      return null;
    }
    FieldEdits all = new FieldEdits(stored.fields());
    for (FieldName name : names) {
      news.fields().all(name).forEach(value -> all.add(name, value));
    }
    return all.toFields();
  }

  private FieldEdits fields(CacheStore.Entry entry, Fields stored) {
    StoredResponse response = entry.response();
    ResponseHead head =
        new ResponseHead(HttpVersion.HTTP_1_1, response.status(), response.reason(), stored);
    return ClientHead.edits(
        exchange.request(), exchange.route(), UpstreamSource.parse(entry.source()), head, exchange);
  }

  private @Nullable String age(StoredResponse stored, @Nullable ResponseHead news) {
    return news == null
        ? Long.toString(stored.ageSeconds(client.loop().wallClock()))
        : news.fields().first(FieldName.AGE);
  }

  /** Keeps the head for hits to come, if it will do for them. */
  private void freeze(CacheStore.Entry entry, FieldEdits fields) {
    long length = entry.length();
    HeaderPolicy policy = exchange.route().headers();
    if (FrozenHead.of(entry, policy) == null
        && length >= 0
        && length <= MAX_FROZEN
        && !caching.tellsKey()) {
      StoredResponse stored = entry.response();
      HeadWriter head = client.loop().heads().clear().statusLine(stored.status(), stored.reason());
      head.fields(fields).field("Content-Length", length);
      FrozenHead.keep(entry, policy, head, caching.nameTold());
    }
  }
}
