package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamRequest;
import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.header.Via;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.Route;
import org.jspecify.annotations.Nullable;

/** The head of the upstream request, from the client's (RFC 9110 §7.6, RFC 9112 §3). */
final class UpstreamHead {
  private UpstreamHead() {}

  static UpstreamRequest of(
      ClientRequest request,
      Route route,
      Destination destination,
      Framing framing,
      boolean expectsContinue,
      @Nullable String upgrade,
      int maxForwards,
      @Nullable Caching caching,
      Via via,
      Attempt attempt) {
    RequestHead head = request.head();
    FieldEdits fields =
        edits(request, route, destination, framing, expectsContinue, maxForwards, via, attempt);
    if (caching != null) {
      caching.ask(fields);
    }
    String target = target(request, route);
    return new UpstreamRequest(
        head.method(),
        destination.isRelay() ? absolute(request, target) : target,
        host(request, route, destination),
        fields,
        framing,
        Trailers.areWelcome(head.fields()),
        upgrade,
        false);
  }

  /** Received paths have been checked; one that a route has made is checked now. */
  private static String target(ClientRequest request, Route route) {
    String target = route.pathAndQuery(request);
    if (!target.equals(request.pathAndQuery()) && !Ascii.isTarget(target)) {
      throw new IllegalStateException("a route made a path that is none");
    }
    return target;
  }

  /** The target URI, as proxies want to have it (RFC 9112 §3.2.2, §3.2.4). */
  private static String absolute(ClientRequest request, String target) {
    String origin = request.scheme() + "://" + request.authority();
    return target.equals("*") ? origin : origin + target;
  }

  private static String host(ClientRequest request, Route route, Destination destination) {
    String host = route.headers().host(request, destination);
    if (!host.equals(request.authority().toString()) && Authority.parseOrNull(host) == null) {
      throw new IllegalStateException("a header policy made a Host that is none");
    }
    return host;
  }

  private static FieldEdits edits(
      ClientRequest request,
      Route route,
      Destination destination,
      Framing framing,
      boolean expectsContinue,
      int maxForwards,
      Via via,
      Attempt attempt) {
    RequestHead head = request.head();
    FieldEdits fields = new FieldEdits(head.fields());
    ConnectionFields.strip(fields);
    fields.remove(FieldName.HOST);
    fields.remove(FieldName.CONTENT_LENGTH);
    if (framing != Framing.CHUNKED) {
      fields.remove(FieldName.TRAILER);
    }
    if (!expectsContinue) {
      fields.remove(
          FieldName
              .EXPECT); // a server may ignore an expectation it does not know (RFC 9110 §10.1.1)
    }
    if (maxForwards > 0) {
      fields.set(FieldName.MAX_FORWARDS, Integer.toString(maxForwards - 1));
    }
    if (route.headers().addsVia()) {
      via.addTo(fields, head.version());
    }
    attempt.tellTrace(fields);
    route.headers().upstreamRequest(request, destination, fields);
    if (destination.isRelay()) {
      authorize(destination.path().parent(), fields);
    }
    return fields;
  }

  /** There are no credentials but ours. */
  private static void authorize(@Nullable Parent parent, FieldEdits fields) {
    fields.remove(FieldName.PROXY_AUTHORIZATION);
    if (parent != null && parent.credentials() != null) {
      fields.add(FieldName.PROXY_AUTHORIZATION, parent.credentials().basic());
    }
  }
}
