package io.tidegate.forward.access;

import io.tidegate.forward.address.TargetHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes few rules of much that was asked for: each user gets the hosts and ports asked for and no
 * others; but where many names below another one were asked for, all below it.
 */
final class RuleLearner {
  /** From how many names on all that are below the same one are allowed. */
  static final int MANY = 5;

  private record Reach(String user, int port) {}

  /** To whom a host is allowed, with which ports. */
  private record Terms(List<String> users, List<PortRange> ports) {}

  private RuleLearner() {}

  /** Rules that allow all of {@code asked}, in the same order for the same. */
  static List<AccessRule> rules(Collection<Asked> asked) {
    Map<Terms, List<String>> hostsOnTerms = new LinkedHashMap<>();
    portsByHostAndUser(asked)
        .forEach(
            (host, portsOfUsers) ->
                terms(portsOfUsers)
                    .forEach(
                        terms ->
                            hostsOnTerms.computeIfAbsent(terms, t -> new ArrayList<>()).add(host)));
    List<AccessRule> rules = new ArrayList<>();
    hostsOnTerms.forEach((terms, hosts) -> rules.add(rule(terms, hosts)));
    return rules;
  }

  private static Map<String, Map<String, SortedSet<Integer>>> portsByHostAndUser(
      Collection<Asked> asked) {
    Map<Reach, Set<TargetHost>> hosts =
        asked.stream()
            .collect(
                Collectors.groupingBy(
                    one -> new Reach(one.user(), one.port()),
                    Collectors.mapping(Asked::host, Collectors.toSet())));
    Map<String, Map<String, SortedSet<Integer>>> ports = new TreeMap<>();
    hosts.forEach(
        (reach, reached) ->
            patterns(reached)
                .forEach(
                    host ->
                        ports
                            .computeIfAbsent(host, h -> new TreeMap<>())
                            .computeIfAbsent(reach.user, u -> new TreeSet<>())
                            .add(reach.port)));
    return ports;
  }

  /** Users who have asked for the same ports of a host share a rule. */
  private static List<Terms> terms(Map<String, SortedSet<Integer>> portsOfUsers) {
    Map<SortedSet<Integer>, List<String>> usersOfPorts = new LinkedHashMap<>();
    portsOfUsers.forEach(
        (user, ports) -> usersOfPorts.computeIfAbsent(ports, p -> new ArrayList<>()).add(user));
    List<Terms> terms = new ArrayList<>();
    usersOfPorts.forEach(
        (ports, users) ->
            terms.add(
                new Terms(
                    users.contains("") ? List.of() : users, // who has no name may be anybody
                    ports.stream().map(PortRange::of).toList())));
    return terms;
  }

  private static AccessRule rule(Terms terms, List<String> hosts) {
    List<String> all = List.of();
    RequestPattern requests =
        new RequestPattern(
            hosts, all, terms.ports, all, terms.users, all, all, all, all, List.of());
    return new AccessRule(AccessRule.Action.ALLOW, requests);
  }

  private static Set<String> patterns(Set<TargetHost> hosts) {
    Map<String, Long> below =
        hosts.stream()
            .map(RuleLearner::parent)
            .filter(RuleLearner::mayBeWidened)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    below.values().removeIf(names -> names < MANY);
    return hosts.stream().map(host -> pattern(host, below.keySet())).collect(Collectors.toSet());
  }

  private static String pattern(TargetHost host, Set<String> wide) {
    String shortest = host.name();
    for (String name = parent(host); !name.isEmpty(); name = parent(name)) {
      shortest = wide.contains(name) ? "*." + name : shortest;
    }
    return shortest;
  }

  private static String parent(TargetHost host) {
    return host.address() == null ? parent(host.name()) : "";
  }

  /** The name that this one is directly below, empty if below none. */
  private static String parent(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  /**
   * Whether one owner is likely to have all names below this one: no top-level domain, nor one like
   * co.uk.
   */
  private static boolean mayBeWidened(String name) {
    String top = parent(name);
    boolean ofCountry = top.length() == 2 && name.length() <= 3 + 1 + 2;
    return !top.isEmpty() && !ofCountry;
  }
}
