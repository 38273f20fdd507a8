package io.tidegate.forward;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.forward.Explanation.Refusal;
import io.tidegate.forward.Explanation.Way;
import io.tidegate.forward.access.AccessRules.Decision;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.egress.Egress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Looks at what would become of requests: nothing is sent, counted, reported or looked up. */
final class Explainer {
  private final ForwardProxySettings settings;
  private final ForwardAccess access;
  private final @Nullable Egress egress;

  /** By {@code settings}, and by what was made of them. */
  Explainer(ForwardProxySettings settings, ForwardAccess access, @Nullable Egress egress) {
    this.settings = settings;
    this.access = access;
    this.egress = egress;
  }

  Explanation explain(RequestDescription description) {
    ClientRequest request = description.request();
    ForwardAccess.Look look = access.look(request, description.address());
    Failure refused = look.failure();
    List<String> parents = List.of();
    if (refused == null && egress != null) {
      boolean open = look.decision() == Decision.DEPENDS && !settings.reportOnly();
      Egress.Look leaving = egress.look(request, open);
      refused = leaving.failure();
      parents = leaving.parents();
    }
    OptionalInt rule = look.rule();
    return new Explanation(
        description.toString(),
        settings.authentication().isPresent(),
        look.decision(),
        rule.isPresent() ? Optional.of(settings.rules().get(rule.getAsInt())) : Optional.empty(),
        settings.reportOnly(),
        Optional.ofNullable(refused).map(Refusal::of),
        refused == null ? Optional.of(new Way(parents)) : Optional.empty());
  }
}
