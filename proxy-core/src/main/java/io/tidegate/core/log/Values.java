package io.tidegate.core.log;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values that lines may have, by their names. */
final class Values {
  private static final String FIELD = "field:";
  private static final String RESPONSE_FIELD = "response-field:";

  private final Masking masking;
  private final Map<String, Value> named = new TreeMap<>();

  Values(Masking masking) {
    this.masking = masking;
    for (TextValue text : TextValue.values()) {
      named.put(text.id, text);
    }
    for (NumberValue number : NumberValue.values()) {
      named.put(number.id, number);
    }
    for (TimeValue time : TimeValue.values()) {
      named.put(time.id, time);
    }
    name("client", address(ClientSide::address));
    name("peer", address(ClientSide::peer));
    name("listener", Values::listener);
    name("request", this::requestLine);
    named.put("target", ofTarget(masking::uri));
    named.put("path", ofTarget(Values::path));
    named.put("query", ofTarget(target -> query(masking.uri(target))));
    name("endpoint", Values::endpoint);
    name("time", (outcome, line) -> line.time().iso(line));
    name("time.clf", (outcome, line) -> line.time().clf(line));
    named.put("time.epoch", new Value.Written((outcome, line) -> line.time().epoch(line), true));
  }

  private void name(String name, Value.Written.Writer writer) {
    named.put(name, written(writer));
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

  private static Value written(Value.Written.Writer writer) {
    return new Value.Written(writer, false);
  }

  private static Value text(Function<Outcome, @Nullable String> of) {
    return written((outcome, line) -> TextValue.write(of.apply(outcome), line));
  }

  private static Value ofTarget(Function<String, @Nullable String> of) {
    return text(
        outcome -> outcome.request() == null ? null : of.apply(outcome.request().head().target()));
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
    return written((outcome, line) -> field(of.apply(outcome), name, isUri, line));
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

  private Value.Written.Writer address(Function<ClientSide, InetSocketAddress> of) {
    return (outcome, line) -> {
      ClientSide client = outcome.client();
      if (client == null || of.apply(client).getAddress() == null) {
        return false;
      }
      masking.address(of.apply(client).getAddress(), line);
      return true;
    };
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
    line.octet(' ').raw(TextValue.version(request.head().version()));
    return true;
  }

  private static @Nullable String query(String target) {
    int query = target.indexOf('?');
    return query < 0 ? null : target.substring(query + 1);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static boolean endpoint(Outcome outcome, Line line) {
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
