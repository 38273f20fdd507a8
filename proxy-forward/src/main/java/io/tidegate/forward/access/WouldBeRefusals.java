package io.tidegate.forward.access;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.AccessRules.Decision;
import io.tidegate.forward.address.TargetHost;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What rules that only report would have refused: counted, told to listeners, logged once for each
 * kind of request, and remembered to learn rules from. Safe for all IO threads at once.
 */
public final class WouldBeRefusals {
  private static final System.Logger LOG = System.getLogger(WouldBeRefusals.class.getName());

  /** How many kinds are remembered: hosts and methods are what clients make of them. */
  static final int MOST_KINDS = 10_000;

  private static final int LONGEST_METHOD = 32;

  private record Kind(Asked asked, String method, Decision decision) {}

  private final List<AccessListener> listeners;
  private final Set<Kind> kinds = ConcurrentHashMap.newKeySet();
  private final AtomicInteger taken = new AtomicInteger();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder unrecorded = new LongAdder();

  /** None yet. */
  public WouldBeRefusals(List<AccessListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Notes a request that passes although the decision about it was a refusal. */
  void add(Decision decision, ClientRequest request, TargetHost host) {
    refusals.increment();
    record(decision, request, host);
    for (AccessListener listener : listeners) {
      try {
        listener.wouldRefuse(request);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "an access listener failed", e);
      }
    }
  }

  private void record(Decision decision, ClientRequest request, TargetHost host) {
    String method = request.head().method();
    String shown = method.length() <= LONGEST_METHOD ? method : method.substring(0, LONGEST_METHOD);
    Kind kind = new Kind(new Asked(request.user(), host, request.port()), shown, decision);
    if (kinds.contains(kind)) {
      return;
    }
    if (taken.incrementAndGet() > MOST_KINDS) {
      taken.decrementAndGet();
      unrecorded.increment();
    } else if (kinds.add(kind)) {
      LOG.log(Level.INFO, () -> sentence(kind));
    } else {
      taken.decrementAndGet();
    }
  }

  /** Whoever reads the log learns who wanted to go where, and nothing of what was asked there. */
  private static String sentence(Kind kind) {
    Asked asked = kind.asked();
    return "the rules would refuse "
        + kind.method()
        + " to "
        + place(asked)
        + " by "
        + (asked.user().isEmpty() ? "a client without a name" : printable(asked.user()))
        + ": "
        + reason(kind.decision());
  }

  private static String reason(Decision decision) {
    return switch (decision) {
      case UNNAMED -> "no rule names it";
      case DENIED -> "it is denied";
      default -> "its address will not be known";
    };
  }

  private static String place(Asked asked) {
    String host = asked.host().name();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + asked.port();
  }

  /** Names are what some other system says: none may make a second line of the log. */
  private static String printable(String user) {
    return user.replaceAll("\\p{C}", "?");
  }

  /** What has been seen so far. */
  public AccessReport report() {
    return new AccessReport(refusals.sum(), taken.get(), unrecorded.sum());
  }

  /** Rules that allow what has been seen and no rule names; what a rule denies stays denied. */
  public List<AccessRule> learned() {
    return RuleLearner.rules(
        kinds.stream()
            .filter(kind -> kind.decision() == Decision.UNNAMED)
            .map(Kind::asked)
            .filter(asked -> !asked.user().equals(RequestPattern.ANY_USER)) // would be everybody
            .distinct()
            .toList());
  }
}
