package io.tidegate.forward;

import io.tidegate.core.spi.Failure;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.access.AccessRules.Decision;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a request, were it made now; see {@link ForwardProxy#explain}. Holds no
 * query.
 *
 * @param request method and target without query
 * @param authenticated whether clients have to prove first who they are, unless they are exempt;
 *     that is not looked at
 * @param decision what the rules say of it; {@link Decision#DEPENDS} if that takes the address of
 *     its host
 * @param rule the first rule that matches, or may by the address of the host; empty if none does
 * @param reportOnly whether it passes whatever the rules say
 * @param refusal why it would be refused: by rules, ports, addresses or for want of a way; empty if
 *     it would not
 * @param way how it would leave; empty if it would not
 */
public record Explanation(
    String request,
    boolean authenticated,
    Decision decision,
    Optional<AccessRule> rule,
    boolean reportOnly,
    Optional<Refusal> refusal,
    Optional<Way> way) {
  /**
   * Why a request is refused.
   *
   * @param status the status code for the client
   * @param error the RFC 9209 error type
   * @param detail one phrase
   */
  public record Refusal(int status, String error, String detail) {
    static Refusal of(Failure failure) {
      return new Refusal(failure.status(), failure.error().token(), failure.detail());
    }
  }

  /**
   * How a request leaves.
   *
   * @param parents the parent proxies it may go through, the first choice first; none if it goes
   *     straight to its host
   */
  public record Way(List<String> parents) {
    /** Copies the list. */
    public Way {
      parents = List.copyOf(parents);
    }
  }
}
