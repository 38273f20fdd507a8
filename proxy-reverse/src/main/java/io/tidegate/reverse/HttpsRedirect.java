package io.tidegate.reverse;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.OwnPages;
import io.tidegate.core.spi.OwnResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends whoever has come without TLS to the same URI with https. */
final class HttpsRedirect implements OwnPages {
  private static final int HTTPS = 443;

  /** RFC 8555 §8.3; nothing beyond a token, so that it leads nowhere else. */
  private static final Pattern CHALLENGE =
      Pattern.compile("/\\.well-known/acme-challenge/[A-Za-z0-9_-]+");

  private final int status;
  private final int port;
  private final ForwardedFields forwarded;

  HttpsRedirect(
      HttpsSettings.Redirect settings,
      List<ListenerSettings> listeners,
      ForwardedFields forwarded) {
    this.status = settings.status();
    this.port = settings.port().orElseGet(() -> port(listeners));
    this.forwarded = forwarded;
  }

  private static int port(List<ListenerSettings> listeners) {
    return listeners.stream()
        .filter(listener -> listener.tls().isPresent() && listener.port() > 0)
        .map(ListenerSettings::port)
        .findFirst()
        .orElse(HTTPS);
  }

  @Override
  public @Nullable OwnResponse page(ClientRequest request) {
    if (isSecure(request) || request.target() instanceof RequestTarget.AuthorityForm) {
      return null;
    }
    String path = request.pathAndQuery();
    if (CHALLENGE.matcher(path).matches()) {
      return null;
    }
    String host = request.authority().host();
    if (host.isEmpty()) {
      return OwnResponse.of(400);
    }
    String at = new Authority(host, port == HTTPS ? -1 : port).toString();
    return OwnResponse.of(status, "Location", "https://" + at + (path.equals("*") ? "" : path));
  }

  private boolean isSecure(ClientRequest request) {
    return request.secure()
        || (forwarded.trusts(request.clientAddress().getAddress())
            && saysHttps(request.head().fields().first(FieldName.X_FORWARDED_PROTO)));
  }

  /** Of several members the first one tells how the client itself has come. */
  private static boolean saysHttps(@Nullable String proto) {
    return proto != null && proto.split(",", 2)[0].strip().equalsIgnoreCase("https");
  }
}
