package io.tidegate.forward;

import io.tidegate.core.spi.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A name service that says what a test tells it, and remembers what it was asked. */
public final class Names implements NameResolver.Lookup {
  private final Map<String, Deque<InetAddress[]>> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** One more answer for {@code name}; the last one is given again and again. */
  public Names add(String name, String... addresses) {
    answers
        .computeIfAbsent(name, key -> new ArrayDeque<>())
        .add(Stream.of(addresses).map(Sample::ip).toArray(InetAddress[]::new));
    return this;
  }

  public NameResolver resolver() {
    return NameResolver.blocking(this);
  }

  @Override
  public synchronized InetAddress[] addresses(String host) throws UnknownHostException {
    asked.add(host);
    Deque<InetAddress[]> known = answers.get(host);
    if (known == null) {
      throw new UnknownHostException(host);
    }
    return known.size() > 1 ? known.pop() : known.peek();
  }

  /** The names that were asked for. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }
}
