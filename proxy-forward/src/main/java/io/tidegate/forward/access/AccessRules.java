package io.tidegate.forward.access;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what: the first rule that matches decides, and what none matches is refused.
 *
 * <p>However many rules there are, a decision looks at those about the host that is asked for, and
 * at those about any host. It makes no objects, unless for a path in an unusual spelling, or where
 * a rule asks for the address.
 */
public final class AccessRules {
  /** What becomes of a request. */
  public enum Decision {
    /** A rule allows it. */
    ALLOWED,
    /**
     * That depends on the address, which is not known yet. If it never will be, this is a refusal:
     * it cannot be shown that a rule which allows matches, or that one which denies does not.
     */
    DEPENDS,
    /** No rule matches, so it is refused. */
    UNNAMED,
    /** A rule denies it. */
    DENIED
  }

  private final RequestMatcher[] matchers;
  private final boolean[] allows;
  private final HostIndex hosts;
  private final boolean askForAddress;

  /**
   * These rules, which have been checked.
   *
   * @param made makes their matchers
   */
  public AccessRules(List<AccessRule> rules, RequestMatchers made) {
    this.matchers = new RequestMatcher[rules.size()];
    this.allows = new boolean[rules.size()];
    boolean addresses = false;
    for (int i = 0; i < matchers.length; i++) {
      matchers[i] = made.of(rules.get(i).requests());
      allows[i] = rules.get(i).allows();
      addresses |= matchers[i].asksForAddress();
    }
    this.hosts = new HostIndex(Arrays.stream(matchers).map(RequestMatcher::hosts).toList());
    this.askForAddress = addresses;
  }

  /**
   * Whether {@code rules} let nothing pass but what they name, by its client or its destination.
   */
  public static boolean areAllowList(List<AccessRule> rules) {
    return !rules.isEmpty()
        && rules.stream().noneMatch(rule -> rule.allows() && rule.requests().isOpen());
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return matchers.length == 0;
  }

  /** Whether a decision can depend on the address. */
  public boolean askForAddress() {
    return askForAddress;
  }

  /**
   * The number of the first rule that matches such a request, or may by its address as long as that
   * is unknown; empty if none does. It looks at all rules: for whoever wants to know why.
   */
  OptionalInt first(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    for (int rule = 0; rule < matchers.length; rule++) {
      Match match = matchers[rule].matches(request, host, address);
      if (match == Match.YES || match == Match.MAYBE || (match == Match.UNCLEAR && !allows[rule])) {
        return OptionalInt.of(rule);
      }
    }
    return OptionalInt.empty();
  }

  /** What becomes of a request that goes to {@code address}, null as long as that is unknown. */
  public Decision decide(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    int[] about = hosts.about(host);
    int[] aboutAny = hosts.aboutAny();
    boolean maybeAllowed = false;
    boolean maybeDenied = false;
    int i = 0;
    int j = 0;
    while (i < about.length || j < aboutAny.length) {
      boolean first = j == aboutAny.length || (i < about.length && about[i] <= aboutAny[j]);
      int rule = first ? about[i++] : aboutAny[j++];
      Match match = matchers[rule].matchesAtHost(request, address);
      if (match == Match.MAYBE) {
        maybeAllowed |= allows[rule];
        maybeDenied |= !allows[rule];
      } else if (match == Match.YES || (match == Match.UNCLEAR && !allows[rule])) {
        boolean open = allows[rule] ? maybeDenied : maybeAllowed;
        return open ? Decision.DEPENDS : allows[rule] ? Decision.ALLOWED : Decision.DENIED;
      }
    }
    return maybeAllowed ? Decision.DEPENDS : Decision.UNNAMED;
  }
}
