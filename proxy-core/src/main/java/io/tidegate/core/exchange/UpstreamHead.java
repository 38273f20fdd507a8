package io.tidegate.core.exchange;

import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.header.Via;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.Route;
import io.tidegate.core.wire.HeadWriter;
import org.jspecify.annotations.Nullable;

/** The head of the upstream request, from the client's (RFC 9110 §7.6, RFC 9112 §3). */
final class UpstreamHead {
  private UpstreamHead() {}

  static void write(
      HeadWriter out,
      ClientRequest request,
      Route route,
      Destination destination,
      Framing framing,
      boolean expectsContinue,
      @Nullable String upgrade,
      int maxForwards,
      @Nullable Caching caching,
      Via via) {
    RequestHead head = request.head();
    FieldEdits fields =
        edits(request, route, destination, framing, expectsContinue, maxForwards, via);
    if (caching != null) {
      caching.ask(fields);
    }
    Parent parent = destination.isRelay() ? destination.path().parent() : null;
    String target = target(request, route);
    out.requestLine(head.method(), parent == null ? target : absolute(request, target))
        .field("Host", host(request, route, destination))
        .fields(fields);
    if (framing.kind() == Framing.Kind.FIXED) {
      out.field("Content-Length", framing.length());
    } else if (framing == Framing.CHUNKED) {
      out.text("Transfer-Encoding: chunked\r\n");
    }
    if (parent != null && parent.credentials() != null) {
      out.field("Proxy-Authorization", parent.credentials().basic());
    }
    connection(out, head.fields(), upgrade);
    out.end();
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

  private static void connection(HeadWriter out, Fields received, @Nullable String upgrade) {
    boolean trailers = Trailers.areWelcome(received);
    if (trailers) {
      out.text("TE: trailers\r\n");
    }
    if (upgrade != null) {
      out.field("Upgrade", upgrade);
      out.text(trailers ? "Connection: TE, Upgrade\r\n" : "Connection: Upgrade\r\n");
    } else if (trailers) {
      out.text("Connection: TE\r\n");
    }
  }

  private static FieldEdits edits(
      ClientRequest request,
      Route route,
      Destination destination,
      Framing framing,
      boolean expectsContinue,
      int maxForwards,
      Via via) {
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
    route.headers().upstreamRequest(request, destination, fields);
    if (destination.isRelay()) {
      fields.remove(FieldName.PROXY_AUTHORIZATION); // there is only ours
    }
    return fields;
  }
}
