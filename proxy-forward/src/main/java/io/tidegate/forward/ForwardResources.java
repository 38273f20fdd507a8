package io.tidegate.forward;

import io.tidegate.core.admin.AdminRequest;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.forward.access.AccessReport;
import io.tidegate.forward.access.AccessRule;
import java.util.List;
import java.util.Optional;

/** What the admin listener tells of a forward proxy. */
final class ForwardResources {
  private final ForwardProxy proxy;

  ForwardResources(ForwardProxy proxy) {
    this.proxy = proxy;
  }

  List<AdminResource> all() {
    return List.of(
        AdminResource.get("/v1/rules", "who may go where", asked -> rules()),
        AdminResource.question("/v1/explain", "what would become of a request", this::explain));
  }

  /**
   * The rules.
   *
   * @param rules the rules, in their order
   * @param reportOnly whether they let pass what they refuse
   * @param report what they would have refused; all zero unless they only report
   * @param learned rules that would allow that
   */
  record Rules(
      List<AccessRule> rules, boolean reportOnly, AccessReport report, List<AccessRule> learned) {}

  private Rules rules() {
    ForwardProxySettings settings = proxy.settings();
    return new Rules(
        settings.rules(), settings.reportOnly(), proxy.accessReport(), proxy.learnedRules());
  }

  /**
   * A request that nobody makes.
   *
   * @param method its method
   * @param target an http URI; with CONNECT, {@code host:port}
   * @param client the address of the client; empty for 127.0.0.1
   * @param user who has sent it; empty if nobody knows
   * @param groups what the user belongs to
   * @param address what its host is taken to resolve to
   */
  record Described(
      String method,
      String target,
      Optional<String> client,
      Optional<String> user,
      List<String> groups,
      Optional<String> address) {
    static final Described NONE =
        new Described("GET", "", Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  private Object explain(AdminRequest request) {
    Described said = request.content(Described.NONE);
    RequestDescription described = RequestDescription.of(said.method(), said.target());
    if (said.client().isPresent()) {
      described = described.client(said.client().get());
    }
    if (said.user().isPresent()) {
      described = described.user(said.user().get(), said.groups().toArray(String[]::new));
    }
    if (said.address().isPresent()) {
      described = described.address(said.address().get());
    }
    return proxy.explain(described);
  }
}
