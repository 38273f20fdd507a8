package io.tidegate.forward.privacy;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import org.jspecify.annotations.Nullable;

/** What becomes of Referer, which tells where the client comes from (RFC 9110 §10.1.3). */
public enum RefererRule {
  /** It is passed on. */
  KEEP,
  /** Only scheme, host and port are passed on; what is no http or https URI is removed. */
  ORIGIN,
  /** It is passed on to the origin that it names, and to no other. */
  SAME_ORIGIN,
  /** It is removed. */
  REMOVE;

  private static final FieldName REFERER = FieldName.of("Referer");

  void apply(ClientRequest request, FieldEdits fields) {
    String referer = this == KEEP ? null : fields.first(REFERER);
    if (referer == null) {
      return;
    }
    String told = isRepeated(fields.received()) ? null : told(referer, request);
    if (told == null) {
      fields.remove(REFERER);
    } else if (!told.equals(referer)) {
      fields.set(REFERER, told);
    }
  }

  private @Nullable String told(String referer, ClientRequest request) {
    return this == REMOVE ? null : this == ORIGIN ? origin(referer) : same(referer, request);
  }

  /** It is one value (RFC 9110 §10.1.3); which of several an upstream reads nobody knows. */
  private static boolean isRepeated(Fields received) {
    return received.indexOf(REFERER, received.indexOf(REFERER, 0) + 1) >= 0;
  }

  private static @Nullable String origin(String referer) {
    RequestTarget.AbsoluteForm uri = uri(referer);
    return uri == null
        ? null
        : uri.scheme() + "://" + uri.authority().withoutDefaultPort(uri.scheme()) + "/";
  }

  /** A reference without a scheme is one to the origin that gets it. */
  private static @Nullable String same(String referer, ClientRequest request) {
    if (referer.startsWith("/") && !referer.startsWith("//")) {
      return referer;
    }
    RequestTarget.AbsoluteForm uri = uri(referer);
    boolean same =
        uri != null
            && uri.scheme().equals(request.scheme())
            && uri.authority().withoutDefaultPort(uri.scheme()).equals(request.authority());
    return same ? referer : null;
  }

  private static RequestTarget.@Nullable AbsoluteForm uri(String referer) {
    try {
      return RequestTarget.parse("GET", referer) instanceof RequestTarget.AbsoluteForm uri
              && (uri.scheme().equals("http") || uri.scheme().equals("https"))
          ? uri
          : null;
    } catch (BadMessageException e) {
      return null;
    }
  }
}
