package io.tidegate.reverse.affinity;

import io.tidegate.core.http.Cookies;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cookie by which clients stay with an endpoint (RFC 6265). */
public final class AffinityCookie {
  private final AffinitySettings settings;
  private final Function<Destination, @Nullable String> tokens;
  private final String attributes;

  /** {@code tokens} has the token of an endpoint, null for what is none. */
  public AffinityCookie(AffinitySettings settings, Function<Destination, @Nullable String> tokens) {
    this.settings = settings;
    this.tokens = tokens;
    String maxAge = settings.maxAge().map(age -> "; Max-Age=" + age.toSeconds()).orElse("");
    this.attributes = "; Path=/" + maxAge + "; HttpOnly; SameSite=Lax";
  }

  /** The token that {@code request} brings, or null. */
  public static @Nullable String sent(AffinitySettings settings, ClientRequest request) {
    return Cookies.value(request.head().fields(), settings.cookie());
  }

  /**
   * Tells the client where it was, unless it knows. A response with the cookie is for this client
   * alone, so no shared cache between us may keep it.
   */
  public void addTo(ClientRequest request, Destination destination, FieldEdits response) {
    String token = tokens.apply(destination);
    if (token == null || token.equals(sent(settings, request))) {
      return;
    }
    String secure = request.secure() ? "; Secure" : "";
    response.add(FieldName.SET_COOKIE, settings.cookie() + "=" + token + attributes + secure);
    Fields received = response.received();
    if (!received.hasMember(FieldName.CACHE_CONTROL, "private")
        && !received.hasMember(FieldName.CACHE_CONTROL, "no-store")) {
      response.append(FieldName.CACHE_CONTROL, "private");
    }
  }
}
