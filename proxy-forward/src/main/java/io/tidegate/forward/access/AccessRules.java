package io.tidegate.forward.access;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what: the first rule that matches decides. A request that no rule matches may
 * pass unless there is a rule that allows something: then the rules are a list of all that is
 * allowed.
 */
public final class AccessRules {
  private record Entry(boolean allows, RequestMatcher matcher) {}

  private final List<Entry> entries;
  private final boolean otherwise;

  /** These rules, which have been checked. */
  public AccessRules(List<AccessRule> rules) {
    this.entries =
        rules.stream()
            .map(rule -> new Entry(allows(rule), new RequestMatcher(rule.requests())))
            .toList();
    this.otherwise = entries.stream().noneMatch(Entry::allows);
  }

  private static boolean allows(AccessRule rule) {
    return rule.action() == AccessRule.Action.ALLOW;
  }

  /** Whether these rules let nothing pass but what they name, by its client or its destination. */
  public static boolean areAllowList(List<AccessRule> rules) {
    return rules.stream().anyMatch(AccessRules::allows)
        && rules.stream().noneMatch(rule -> allows(rule) && rule.requests().isOpen());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Whether a request may pass. As long as {@code address} is unknown (null), one that an address
   * could still let pass may: ask again when it is known.
   */
  boolean permit(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Match match = entry.matcher().matches(request, host, address);
      if (match == Match.YES || (match == Match.MAYBE && entry.allows())) {
        return entry.allows();
      }
    }
    return otherwise;
  }
}
