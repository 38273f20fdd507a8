package io.tidegate.forward.egress;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSettings.Verification;
import io.tidegate.forward.access.RequestPattern;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How requests leave, as data.
 *
 * @param direct requests that go through no parent proxy, whatever {@code parents} say
 * @param parents the parent proxies; the first that are for a request take it
 * @param onlyThroughParents whether requests that none of them take are refused
 * @param rules how requests are sent; the first that is for a request counts
 */
public record EgressSettings(
    List<RequestPattern> direct,
    List<ParentSettings> parents,
    boolean onlyThroughParents,
    List<EgressRule> rules) {
  /** Straight to the destination. */
  public static final EgressSettings DEFAULT =
      new EgressSettings(List.of(), List.of(), false, List.of());

  /**
   * Copies the lists.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that cannot work
   */
  public EgressSettings {
    direct = List.copyOf(direct);
    parents = List.copyOf(parents);
    rules = List.copyOf(rules);

    Checks checks = new Checks();
    direct.forEach(pattern -> pattern.check(checks, "direct"));
    if (onlyThroughParents && parents.isEmpty()) {
      checks.reject("onlyThroughParents", true, "a parent proxy to go through");
    }
    Set<String> names = new HashSet<>();
    for (ParentSettings parent : parents) {
      if (!names.add(parent.name())) {
        checks.reject("parent", parent.name(), "a name that no other has");
      }
    }
    rules.forEach(rule -> rule.check(checks));
    checks.done();
  }

  /** Whether nothing is said. */
  public boolean isDefault() {
    return equals(DEFAULT);
  }

  /** Notes what depends on who asks, for a proxy that asks nobody who they are. */
  public void checkUnknown(Checks checks) {
    direct.forEach(pattern -> pattern.checkUnknown(checks, "direct"));
    for (ParentSettings parent : parents) {
      String setting = "parent " + parent.name() + ": requests";
      parent.requests().forEach(pattern -> pattern.checkUnknown(checks, setting));
    }
    rules.forEach(rule -> rule.requests().checkUnknown(checks, "egress"));
  }

  /**
   * Notes credentials for whoever answers; {@code byDefault} is for rules and parent proxies that
   * say no other TLS.
   */
  public void checkVerified(Checks checks, Optional<UpstreamTlsSettings> byDefault) {
    for (EgressRule rule : rules) {
      if (isInsecure(rule.tls(), byDefault) && !rule.credentials().isEmpty()) {
        String field = rule.credentials().get(0).field();
        checks.reject("credential", field, "upstreams whose certificates are verified");
      }
    }
    for (ParentSettings parent : parents) {
      if (isInsecure(parent.tls(), byDefault) && parent.speaksTls() && parent.user().isPresent()) {
        String setting = "parent " + parent.name() + ": user";
        checks.reject(setting, "a value", "proxies whose certificates are verified");
      }
    }
  }

  private static boolean isInsecure(
      Optional<UpstreamTlsSettings> said, Optional<UpstreamTlsSettings> byDefault) {
    return said.or(() -> byDefault)
        .filter(tls -> tls.verification() == Verification.INSECURE)
        .isPresent();
  }

  /** Notes each parent proxy that {@code ourselves} knows for this one. */
  public void checkLoops(Checks checks, Predicate<Parent> ourselves) {
    for (ParentSettings settings : parents) {
      for (Parent parent : settings.parents()) {
        if (ourselves.test(parent)) {
          checks.reject(
              "parent " + settings.name() + ": proxy", parent, "another proxy than this one");
        }
      }
    }
  }
}
