package io.tidegate.forward.egress;

import io.tidegate.core.spi.Checks;
import io.tidegate.forward.access.RequestPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes how requests leave. Repeated calls accumulate. */
public final class EgressBuilder {
  private final List<RequestPattern> direct = new ArrayList<>();
  private final List<Supplier<ParentSettings>> parents = new ArrayList<>();
  private boolean onlyThroughParents;
  private final List<Function<Checks, @Nullable EgressRule>> rules = new ArrayList<>();

  /** A builder that starts from {@code settings}. */
  public EgressBuilder(EgressSettings settings) {
    direct.addAll(settings.direct());
    settings.parents().forEach(parent -> parents.add(() -> parent));
    onlyThroughParents = settings.onlyThroughParents();
    settings.rules().forEach(rule -> rules.add(checks -> rule));
  }

  /**
   * Parent proxies, which {@code more} describes. Of several calls, in their order, the first whose
   * requests match counts.
   */
  public EgressBuilder parent(String name, Consumer<ParentBuilder> more) {
    ParentBuilder builder = new ParentBuilder(name);
    more.accept(builder);
    parents.add(builder::settings);
    return this;
  }

  /** Lets these requests go through no parent proxy. */
  public EgressBuilder direct(RequestPattern... requests) {
    direct.addAll(List.of(requests));
    return this;
  }

  /**
   * Refuses with 403 what no parent proxy is for, unless {@link #direct} says that it may go there
   * straight.
   */
  public EgressBuilder onlyThroughParents() {
    this.onlyThroughParents = true;
    return this;
  }

  /**
   * Sends {@code requests} as {@code more} describes. Of several calls, in their order, the first
   * whose requests match counts, whether they go through parent proxies or not.
   */
  public EgressBuilder sending(RequestPattern requests, Consumer<EgressRuleBuilder> more) {
    EgressRuleBuilder builder = new EgressRuleBuilder(requests);
    more.accept(builder);
    rules.add(builder::rule);
    return this;
  }

  /**
   * What was said, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public EgressSettings settings() {
    Checks checks = new Checks();
    List<ParentSettings> built = new ArrayList<>();
    for (Supplier<ParentSettings> parent : parents) {
      ParentSettings one = checks.collect(parent);
      if (one != null) {
        built.add(one);
      }
    }
    List<EgressRule> sending = new ArrayList<>();
    for (Function<Checks, @Nullable EgressRule> rule : rules) {
      EgressRule one = rule.apply(checks);
      if (one != null) {
        sending.add(one);
      }
    }
    boolean only = onlyThroughParents && built.size() == parents.size(); // else it is said already
    EgressSettings settings =
        checks.collect(() -> new EgressSettings(direct, built, only, sending));
    checks.done();
    return Objects.requireNonNull(settings);
  }
}
