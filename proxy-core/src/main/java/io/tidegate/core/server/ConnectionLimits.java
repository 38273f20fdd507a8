package io.tidegate.core.server;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the client connections of all listeners against their limits. Thread-safe. */
final class ConnectionLimits {
  private volatile ServerSettings settings;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

  ConnectionLimits(ServerSettings settings) {
    this.settings = settings;
  }

  /** From now on these are the limits; whoever is beyond them already stays. */
  void change(ServerSettings limits) {
    settings = limits;
  }

  /** Counts a connection of {@code client} in; whether the limits permit it. */
  boolean admit(InetAddress client) {
    return admit(client, settings.maxConnectionsPerClient());
  }

  /** The same of one that speaks for clients, and may have as many connections as they all. */
  boolean admitSender(InetAddress sender) {
    return admit(sender, Integer.MAX_VALUE);
  }

  private boolean admit(InetAddress client, int most) {
    if (total.incrementAndGet() > settings.maxConnections()) {
      total.decrementAndGet();
      return false;
    }
    if (count(client) > most) {
      release(client);
      return false;
    }
    return true;
  }

  /**
   * Counts a connection of {@code sender} for {@code client} from now on; whether the limits permit
   * it, else it goes on to count for the sender.
   */
  boolean countFor(InetAddress sender, InetAddress client) {
    if (client.equals(sender)) {
      return true;
    }
    boolean permitted = count(client) <= settings.maxConnectionsPerClient();
    discount(permitted ? sender : client);
    return permitted;
  }

  private int count(InetAddress client) {
    return perClient.merge(client, 1, Integer::sum);
  }

  private void discount(InetAddress client) {
    perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
  }

  /** Counts a connection out. */
  void release(InetAddress client) {
    total.decrementAndGet();
    discount(client);
  }

  /** How many there are, tunnels included. */
  int size() {
    return total.get();
  }

  /** Those clients that have the most, the first of them most: how many, by address. */
  Map<String, Integer> busiestClients(int most) {
    Map<String, Integer> busiest = new LinkedHashMap<>();
    perClient.entrySet().stream()
        .map(entry -> Map.entry(entry.getKey().getHostAddress(), entry.getValue()))
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(most)
        .forEach(entry -> busiest.put(entry.getKey(), entry.getValue()));
    return busiest;
  }
}
