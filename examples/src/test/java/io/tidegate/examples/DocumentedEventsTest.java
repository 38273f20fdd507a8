package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.AccessLogEvent;
import io.tidegate.core.spi.CertificateEvent;
import io.tidegate.core.spi.LifecycleEvent;
import io.tidegate.core.spi.ListenerEvent;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.testkit.DocPage;
import io.tidegate.reverse.cluster.ClusterEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page for users names the events that there are, each with its type. */
class DocumentedEventsTest {
  private static <K> Stream<ProxyEvent> each(K[] kinds, Function<K, ProxyEvent> event) {
    return Arrays.stream(kinds).map(event);
  }

  private static Stream<ProxyEvent> all() {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 1);
    return Stream.of(
            each(LifecycleEvent.Kind.values(), LifecycleEvent::new),
            each(ListenerEvent.Kind.values(), kind -> new ListenerEvent(kind, address)),
            each(SettingsEvent.Kind.values(), kind -> new SettingsEvent(kind, List.of())),
            each(CertificateEvent.Kind.values(), kind -> new CertificateEvent(kind, "", "")),
            each(AccessLogEvent.Kind.values(), kind -> new AccessLogEvent(kind, "", 0)),
            each(ClusterEvent.Kind.values(), DocumentedEventsTest::ofCluster))
        .flatMap(events -> events);
  }

  private static ClusterEvent ofCluster(ClusterEvent.Kind kind) {
    boolean whole = kind.name().endsWith("_BEGAN") || kind.name().endsWith("_ENDED");
    return new ClusterEvent("shop", kind, whole ? "" : "http://a", "");
  }

  @Test
  void everyEventIsOnThePageWithItsTypeAndNoOther() throws IOException {
    TreeMap<String, String> told = new TreeMap<>();
    for (List<String> row : DocPage.named("events.md").rows("`name()`")) {
      DocPage.code(row.get(0)).forEach(name -> told.put(name, DocPage.code(row.get(1)).get(0)));
    }
    assertEquals(
        all()
            .collect(Collectors.toMap(ProxyEvent::name, event -> event.getClass().getSimpleName())),
        told);
  }

  @Test
  void thereIsNoOtherTypeOfEvent() throws IOException {
    Set<String> types = new TreeSet<>();
    for (String module : List.of("proxy-core", "proxy-forward", "proxy-reverse")) {
      try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
          if (Files.readString(source).matches("(?s).*implements [\\w, ]*ProxyEvent\\b.*")) {
            types.add(source.getFileName().toString().replace(".java", ""));
          }
        }
      }
    }
    assertEquals(
        all().map(event -> event.getClass().getSimpleName()).collect(Collectors.toSet()), types);
  }
}
