package io.tidegate.forward.access;

import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which of many rules can match a host, found without looking at the others. Rules are told by
 * their numbers, and lists of numbers are in order. Immutable.
 */
final class HostIndex {
  private static final int[] NONE = {};

  /**
   * The rules for each name that one is about; those for names below another one are among them.
   */
  private final Map<String, int[]> names = new HashMap<>();

  private final Map<InetAddress, int[]> addresses = new HashMap<>();

  /** The rules for all other names below one: each list has those for shorter suffixes too. */
  private final SuffixMap<int[]> below;

  private final int[] any;

  /** An index of rules, each told by the hosts it is about, none for all. */
  HostIndex(List<List<HostPattern>> rules) {
    SortedSet<Integer> forAny = new TreeSet<>();
    Map<String, Set<Integer>> forName = new HashMap<>();
    Map<String, Set<Integer>> forSuffix = new HashMap<>();
    Map<InetAddress, Set<Integer>> forAddress = new HashMap<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      if (rules.get(rule).isEmpty()) {
        forAny.add(rule);
      }
      for (HostPattern host : rules.get(rule)) {
        switch (host.kind()) {
          case ANY -> forAny.add(rule);
          case ADDRESS -> add(forAddress, Objects.requireNonNull(host.address()), rule);
          case NAME -> add(forName, host.name(), rule);
          case SUBDOMAINS -> add(forSuffix, host.name(), rule);
          case NAME_AND_SUBDOMAINS -> {
            add(forSuffix, host.name(), rule);
            add(forName, host.name().substring(1), rule);
          }
        }
      }
    }
    this.any = numbers(forAny);
    forAddress.forEach((address, own) -> addresses.put(address, numbers(own)));
    forName.forEach((name, own) -> names.put(name, withShorter(own, name, forSuffix)));
    Map<String, int[]> merged = new HashMap<>();
    forSuffix.forEach((suffix, own) -> merged.put(suffix, withShorter(own, suffix, forSuffix)));
    this.below = new SuffixMap<>(merged);
  }

  private static <K> void add(Map<K, Set<Integer>> rules, K key, int rule) {
    rules.computeIfAbsent(key, k -> new TreeSet<>()).add(rule);
  }

  /** With the rules for all that {@code name} is below. */
  private static int[] withShorter(
      Set<Integer> own, String name, Map<String, Set<Integer>> forSuffix) {
    Set<Integer> all = new TreeSet<>(own);
    for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
      all.addAll(forSuffix.getOrDefault(name.substring(dot), Set.of()));
    }
    return numbers(all);
  }

  private static int[] numbers(Set<Integer> ordered) {
    return ordered.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The rules about this host; those about any host are not among them. */
  int[] about(TargetHost host) {
    InetAddress address = host.address();
    if (address != null) {
      return addresses.getOrDefault(address, NONE);
    }
    int[] exact = names.get(host.name());
    return exact == null ? below.longest(host.name(), NONE) : exact;
  }

  /** The rules about any host. */
  int[] aboutAny() {
    return any;
  }
}
