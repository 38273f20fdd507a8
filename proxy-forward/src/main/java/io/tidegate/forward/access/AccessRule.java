package io.tidegate.forward.access;

import io.tidegate.core.spi.Checks;
import java.util.Locale;

/**
 * What happens to some requests.
 *
 * @param action whether they are allowed
 * @param requests which ones
 */
public record AccessRule(Action action, RequestPattern requests) {
  /** What a rule decides. */
  public enum Action {
    /** They may pass, as far as ports and addresses allow. */
    ALLOW,
    /** They are refused. */
    DENY
  }

  /** Whether it lets requests pass. */
  public boolean allows() {
    return action == Action.ALLOW;
  }

  /** Notes every value that cannot work. */
  public void check(Checks checks) {
    requests.check(checks, setting());
  }

  /** What problems with it begin with. */
  public String setting() {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
