package io.tidegate.core.spi;

import java.util.Set;

/**
 * Who a client is, as far as an {@link Authenticator} has found out.
 *
 * @param user the name, empty for somebody who has none
 * @param groups what the user belongs to
 */
public record Identity(String user, Set<String> groups) {
  /** Somebody who need not say who it is. */
  public static final Identity ANONYMOUS = new Identity("", Set.of());

  /** Copies the groups. */
  public Identity {
    groups = Set.copyOf(groups);
  }

  /** A user who belongs to no group. */
  public static Identity of(String user) {
    return new Identity(user, Set.of());
  }

  /** Whether nothing is known about the user. */
  public boolean isAnonymous() {
    return user.isEmpty();
  }
}
