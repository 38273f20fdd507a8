package io.tidegate.forward.egress;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Resolution;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.TargetHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides how requests leave: through which parent proxies, and how they are sent. */
public final class Egress {
  private static final Failure NO_PARENT =
      Failure.denied("this proxy goes through parent proxies only, and none is for this");

  private static final Failure ADDRESS_UNKNOWN =
      Failure.denied("the rules ask for an address that only the parent proxy will look up");

  /** The response would show what was added to the request (RFC 9110 §9.3.8). */
  private static final Failure TRACE =
      Failure.badRequest(405, "TRACE is not sent where the proxy adds credentials")
          .with("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH");

  private final List<RequestMatcher> direct;
  private final List<ParentGroup> parents;
  private final boolean onlyThroughParents;
  private final List<Sending> rules;

  Egress(
      List<RequestMatcher> direct,
      List<ParentGroup> parents,
      boolean onlyThroughParents,
      List<Sending> rules) {
    this.direct = direct;
    this.parents = parents;
    this.onlyThroughParents = onlyThroughParents;
    this.rules = rules;
  }

  /** The route of a request that {@code access} has let pass, or why there is none. */
  public Resolution resolve(
      ClientRequest request, TargetHost host, ForwardAccess access, HeaderPolicy headers) {
    Sending sending = sending(request, host);
    if (sending != null
        && sending.addsCredentials(request)
        && request.head().method().equals("TRACE")) {
      return TRACE;
    }
    if (matchesOne(direct, request, host)) {
      return departure(request, host, sending, null, access, headers);
    }
    ParentGroup group = parents(request, host);
    if (group == null && onlyThroughParents) {
      return NO_PARENT;
    }
    if (group != null && !group.resolvesNames() && access.refusesUnresolved(request)) {
      return ADDRESS_UNKNOWN;
    }
    return departure(request, host, sending, group, access, headers);
  }

  /**
   * How a request would leave.
   *
   * @param failure why it would not, null if it would
   * @param parents the parent proxies it may go through, without credentials; none for straight
   */
  public record Look(@Nullable Failure failure, List<String> parents) {}

  /**
   * How a request that access has let pass would leave. No turn is taken, nothing is reported.
   *
   * @param undecided whether the rules refuse it unless they learn the address of its host
   */
  public Look look(ClientRequest request, boolean undecided) {
    TargetHost host = TargetHost.of(request.authority());
    if (host == null) {
      return new Look(ForwardAccess.BAD_HOST, List.of());
    }
    Sending sending = sending(request, host);
    if (sending != null
        && sending.addsCredentials(request)
        && request.head().method().equals("TRACE")) {
      return new Look(TRACE, List.of());
    }
    boolean straight = matchesOne(direct, request, host);
    ParentGroup group = straight ? null : parents(request, host);
    if (group == null) {
      return new Look(straight || !onlyThroughParents ? null : NO_PARENT, List.of());
    }
    return undecided && !group.resolvesNames()
        ? new Look(ADDRESS_UNKNOWN, List.of())
        : new Look(
            null, group.members().stream().map(member -> member.parent().toString()).toList());
  }

  private static Departure departure(
      ClientRequest request,
      TargetHost host,
      @Nullable Sending sending,
      @Nullable ParentGroup group,
      ForwardAccess access,
      HeaderPolicy headers) {
    boolean secured = sending != null && sending.securesHttp(request);
    boolean relayable =
        !secured
            && !request.head().isConnect()
            && !request.head().fields().contains(FieldName.UPGRADE);
    String partition = group == null ? "" : group.partition();
    return sending == null
        ? new Departure(
            new Destination(false, host.name(), request.port(), null),
            group,
            relayable,
            null,
            headers,
            partition,
            false,
            access.isUndecided(request))
        : new Departure(
            sending.destination(request, host),
            group,
            relayable,
            sending.nextSource(),
            sending.headers(request, headers),
            sending.partition(request) + partition,
            sending.addsCredentials(request),
            access.isUndecided(request));
  }

  private @Nullable Sending sending(ClientRequest request, TargetHost host) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).isFor(request, host)) {
        return rules.get(i);
      }
    }
    return null;
  }

  private @Nullable ParentGroup parents(ClientRequest request, TargetHost host) {
    for (int i = 0; i < parents.size(); i++) {
      if (parents.get(i).takes(request, host)) {
        return parents.get(i);
      }
    }
    return null;
  }

  /** Whether one of {@code matchers} is for the request, as far as is known before a look-up. */
  static boolean matchesOne(List<RequestMatcher> matchers, ClientRequest request, TargetHost host) {
    for (int i = 0; i < matchers.size(); i++) {
      if (matchers.get(i).matches(request, host, host.address()) == Match.YES) {
        return true;
      }
    }
    return false;
  }
}
