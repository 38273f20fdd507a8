package io.tidegate.core.log;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Stage;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The values that lines may have, by their names. */
final class Values {
  private static final String FIELD = "field:";
  private static final String RESPONSE_FIELD = "response-field:";
  private static final Map<Stage, String> STAGES = new EnumMap<>(Stage.class);

  static {
    for (Stage stage : Stage.values()) {
      STAGES.put(stage, stage.name().toLowerCase(Locale.ROOT));
    }
  }

  private final Masking masking;
  private final Map<String, Value> named = new TreeMap<>();

  Values(Masking masking) {
    this.masking = masking;
    nameClient();
    nameRequest();
    nameResponse();
    nameUpstream();
    nameTimes();
  }

  private void nameClient() {
    named.put("client", address(ClientSide::address));
    named.put("client.port", port(ClientSide::address));
    named.put("peer", address(ClientSide::peer));
    named.put("peer.port", port(ClientSide::peer));
    named.put("listener", Values::listener);
    named.put("user", ofRequest(ClientRequest::user));
    named.put("connection.request", number(Outcome::requestNumber, 1));
    named.put("tls.version", ofTls(ClientSide.TlsSession::version));
    named.put("tls.cipher", ofTls(ClientSide.TlsSession::cipher));
    named.put("tls.server-name", ofTls(ClientSide.TlsSession::serverName));
  }

  private void nameRequest() {
    named.put("request", this::requestLine);
    named.put("method", ofRequest(request -> request.head().method()));
    named.put("target", ofRequest(request -> masking.uri(request.head().target())));
    named.put("path", ofRequest(request -> path(request.head().target())));
    named.put("query", ofRequest(this::query));
    named.put("version", ofRequest(request -> version(request.head().version())));
    named.put("scheme", ofRequest(ClientRequest::scheme));
    named.put("host", ofRequest(request -> request.authority().toString()));
    named.put("bytes.received", number(Outcome::requestOctets, 0));
  }

  private void nameResponse() {
    named.put("status", number(Values::status, 1));
    named.put("bytes", number(Outcome::responseOctets, 0));
    named.put("cache", text(Outcome::cache));
    named.put("trace", text(Values::trace));
    named.put("error", ofFailure(failure -> failure.error().token()));
    named.put("error.detail", ofFailure(Failure::detail));
    named.put("stage", text(outcome -> STAGES.get(outcome.stage())));
  }

  private void nameUpstream() {
    named.put("route", text(outcome -> outcome.route() == null ? null : outcome.route().name()));
    named.put(
        "cluster", text(outcome -> outcome.route() == null ? null : outcome.route().clusterName()));
    named.put("endpoint", Values::endpoint);
    named.put("attempts", number(Outcome::attempts, 0));
    named.put("upstream.reused", number(outcome -> outcome.connectionReused() ? 1 : 0, 0));
  }

  private void nameTimes() {
    named.put("time", (outcome, line) -> line.time().iso(line));
    named.put("time.clf", (outcome, line) -> line.time().clf(line));
    Value epoch = (outcome, line) -> line.time().epoch(line);
    named.put("time.epoch", new Numeric(epoch));
    named.put("ms.head", millis(Times::head));
    named.put("ms.select", millis(Times::select));
    named.put("ms.connect", millis(Times::connect));
    named.put("ms.response", millis(Times::response));
    named.put("ms.transfer", millis(Times::transfer));
    named.put("ms.total", millis(Times::total));
  }

  /**
   * The value with this name.
   *
   * @throws IllegalArgumentException if there is none; its message is what was expected
   */
  Value get(String name) {
    Value known = named.get(name);
    if (known != null) {
      return known;
    }
    if (isField(name, FIELD)) {
      return field(
          FieldName.of(name.substring(FIELD.length())),
          outcome ->
              outcome.request() == null ? Fields.empty() : outcome.request().head().fields());
    }
    if (isField(name, RESPONSE_FIELD)) {
      FieldName field = FieldName.of(name.substring(RESPONSE_FIELD.length()));
      return field(field, Outcome::responseFields);
    }
    throw new IllegalArgumentException(
        String.join(", ", named.keySet()) + ", field:NAME, response-field:NAME");
  }

  private static boolean isField(String name, String prefix) {
    return name.startsWith(prefix) && Ascii.isToken(name.substring(prefix.length()));
  }

  // ---- kinds of values

  /** A value that is a number. */
  private record Numeric(Value value) implements Value {
    @Override
    public boolean write(Outcome outcome, Line line) {
      return value.write(outcome, line);
    }

    @Override
    public boolean isNumber() {
      return true;
    }
  }

  /** A number that is there if it is not less than {@code least}. */
  private static Value number(ToLongFunction<Outcome> of, long least) {
    return new Numeric(
        (outcome, line) -> {
          long value = of.applyAsLong(outcome);
          if (value < least) {
            return false;
          }
          line.number(value);
          return true;
        });
  }

  private static Value millis(ToLongFunction<Times> of) {
    return new Numeric(
        (outcome, line) -> {
          long nanos = of.applyAsLong(outcome.times());
          if (nanos < 0) {
            return false;
          }
          line.millis(nanos);
          return true;
        });
  }

  private static Value text(Function<Outcome, @Nullable String> of) {
    return (outcome, line) -> {
      String text = of.apply(outcome);
      if (text == null || text.isEmpty()) {
        return false;
      }
      line.text(text);
      return true;
    };
  }

  private static Value ofRequest(Function<ClientRequest, @Nullable String> of) {
    return text(outcome -> outcome.request() == null ? null : of.apply(outcome.request()));
  }

  private static Value ofFailure(Function<Failure, String> of) {
    return text(outcome -> outcome.failure() == null ? null : of.apply(outcome.failure()));
  }

  private static Value ofTls(Function<ClientSide.TlsSession, @Nullable String> of) {
    return text(
        outcome -> {
          ClientSide client = outcome.client();
          return client == null || client.tls() == null ? null : of.apply(client.tls());
        });
  }

  private Value field(FieldName name, Function<Outcome, Fields> of) {
    if (masking.hides(name)) {
      return text(outcome -> of.apply(outcome).contains(name) ? Masking.REDACTED : null);
    }
    boolean isUri = Masking.isUri(name);
    if (isUri && masking.shortensUris()) {
      return text(
          outcome -> {
            String uri = of.apply(outcome).first(name);
            return uri == null ? null : masking.uri(uri);
          });
    }
    return (outcome, line) -> field(of.apply(outcome), name, isUri, line);
  }

  /** All lines of the field in one (RFC 9110 §5.2), or the first of those that are to have one. */
  private static boolean field(Fields fields, FieldName name, boolean firstOnly, Line line) {
    int first = fields.indexOf(name, 0);
    if (first < 0) {
      return false;
    }
    if (!firstOnly && fields.indexOf(name, first + 1) >= 0) {
      line.text(String.join(", ", fields.all(name)));
      return true;
    }
    line.text(fields, first);
    return fields.valueLength(first) > 0;
  }

  private Value address(Function<ClientSide, InetSocketAddress> of) {
    return (outcome, line) -> {
      ClientSide client = outcome.client();
      if (client == null || of.apply(client).getAddress() == null) {
        return false;
      }
      masking.address(of.apply(client).getAddress(), line);
      return true;
    };
  }

  private static Value port(Function<ClientSide, InetSocketAddress> of) {
    return number(
        outcome -> outcome.client() == null ? -1 : of.apply(outcome.client()).getPort(), 0);
  }

  // ---- what is more than one thing

  private static boolean listener(Outcome outcome, Line line) {
    ClientSide client = outcome.client();
    if (client == null || client.local().getAddress() == null) {
      return false;
    }
    byte[] octets = client.local().getAddress().getAddress();
    if (octets.length == 4) {
      IpText.write(octets, line);
    } else {
      IpText.write(octets, line.octet('['));
      line.octet(']');
    }
    line.octet(':').number(client.local().getPort());
    return true;
  }

  private boolean requestLine(Outcome outcome, Line line) {
    ClientRequest request = outcome.request();
    if (request == null) {
      return false;
    }
    line.text(request.head().method()).octet(' ').text(masking.uri(request.head().target()));
    line.octet(' ').raw(version(request.head().version()));
    return true;
  }

  /** Ours, or that of the client: whoever follows it finds what else belongs to the request. */
  private static @Nullable String trace(Outcome outcome) {
    TraceContext trace = outcome.traceContext();
    return trace == null ? null : trace.traceId();
  }

  private @Nullable String query(ClientRequest request) {
    String target = masking.uri(request.head().target());
    int query = target.indexOf('?');
    return query < 0 ? null : target.substring(query + 1);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2.0";
    };
  }

  /** What the client has got, or would have got if it had waited. */
  static int status(Outcome outcome) {
    Failure failure = outcome.failure();
    return outcome.status() == 0 && failure != null ? failure.status() : outcome.status();
  }

  static boolean endpoint(Outcome outcome, Line line) {
    Destination destination = outcome.destination();
    if (destination == null) {
      return false;
    }
    String host = destination.host();
    if (host.indexOf(':') >= 0) {
      line.octet('[').text(host).octet(']');
    } else {
      line.text(host);
    }
    line.octet(':').number(destination.port());
    return true;
  }
}
