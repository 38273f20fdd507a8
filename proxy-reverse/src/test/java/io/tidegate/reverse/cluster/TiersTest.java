package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiersTest {
  /** Endpoints as {@code zone+} or {@code zone-} for available or not, {@code *} for a backup. */
  private static Endpoint[] endpoints(String text) {
    return Arrays.stream(text.split(" ")).map(TiersTest::endpoint).toArray(Endpoint[]::new);
  }

  private static Endpoint endpoint(String text) {
    int end = text.length() - 1;
    String zone = text.substring(0, end);
    boolean backup = zone.equals("*");
    Endpoint endpoint =
        new Endpoint(
            new Destination(false, "e", 80, null), 1, new Placement(backup ? "" : zone, backup));
    EndpointState state =
        switch (text.charAt(end)) {
          case '+' -> EndpointState.HEALTHY;
          case '-' -> EndpointState.DOWN;
          case 'x' -> EndpointState.EJECTED;
          default -> EndpointState.DRAINING;
        };
    endpoint.state(state);
    return endpoint;
  }

  private static String sizes(Tiers tiers) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tiers.size(); i++) {
      text.append(tiers.get(i).length);
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a+ a+ b+ c+ +, 2120", // the zones are a, b, others, backups,
    "a+ a- b+ c- *+, 1101",
    "a- a- b- *+, 0001",
    "ax ad b+, 0100",
    "a- ax b- *-, 2101", // none is available: all are used
    "a- ad, 1000", // but those that drain
    "ad ad, 0000",
  })
  void endpointsThatAreAvailableAreSortedByZone(String endpoints, String expected) {
    String sizes = sizes(Tiers.of(endpoints(endpoints), List.of("a", "b"), HealthSettings.DEFAULT));
    assertEquals(expected, sizes);
  }

  @ParameterizedTest(name = "{0}: {1} {2} {3} {4}")
  @CsvSource({
    "a+ a+ a+ a+ a+ b+, 100, 0, 0, 0",
    "a+ a+ a+ a+ a- b+, 100, 0, 0, 0", // 1.4 × 4/5 is more than all
    "a+ a+ a+ a+ a+ a- a- b+, 100, 0, 0, 0", // 1.4 × 5/7
    "a+ a- b+ b+, 70, 30, 0, 0",
    "a+ a- a- a- b+ c+, 35, 65, 0, 0",
    "a+ a- b+ b- c+, 70, 30, 0, 0",
    "a+ a- a- a- b+ b- b- b-, 50, 50, 0, 0", // together 0.7: what there is bears all
    "a- b- c+ c-, 0, 0, 100, 0",
    "a- b- c- *+ *-, 0, 0, 0, 100",
    "c+ c+, 0, 0, 100, 0",
    "b+, 0, 100, 0, 0",
  })
  void aZoneThatIsShortOfEndpointsLeavesAShareToTheNext(
      String endpoints, int first, int second, int others, int backups) {
    Tiers tiers = Tiers.of(endpoints(endpoints), List.of("a", "b"), HealthSettings.DEFAULT);
    Random random = new Random(1);
    double[] counts = new double[4];
    for (int i = 0; i < 100_000; i++) {
      counts[tiers.draw(random)]++;
    }
    double[] expected = {first, second, others, backups};
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[i], counts[i] / 1000, expected[i] % 100 == 0 ? 0 : 0.6);
    }
  }

  @Test
  void withoutZonesThereAreOrdinaryEndpointsAndBackups() {
    assertEquals(
        "32", sizes(Tiers.of(endpoints("a+ b+ + *+ *+"), List.of(), HealthSettings.DEFAULT)));
  }

  @Test
  void tiersHoldUntilAStateChanges() {
    Endpoint[] endpoints = endpoints("a+ a- b+");
    Tiers tiers = Tiers.of(endpoints, List.of("a"), HealthSettings.DEFAULT);
    assertTrue(tiers.holdsFor(endpoints));
    assertFalse(tiers.holdsFor(endpoints.clone()));
    endpoints[1].state(EndpointState.HEALTHY);
    assertFalse(tiers.holdsFor(endpoints));
    endpoints[1].state(EndpointState.DRAINING);
    assertFalse(tiers.holdsFor(endpoints));
  }

  @Test
  void itIsKnownWhetherAllWeightsAreEqual() {
    List<Endpoint> endpoints =
        Arrays.stream(new int[] {2, 2, 3})
            .mapToObj(
                weight ->
                    new Endpoint(new Destination(false, "e", 80, null), weight, Placement.DEFAULT))
            .collect(Collectors.toList());
    assertFalse(
        Tiers.of(endpoints.toArray(Endpoint[]::new), List.of(), HealthSettings.DEFAULT)
            .equalWeights());
    endpoints.remove(2);
    assertTrue(
        Tiers.of(endpoints.toArray(Endpoint[]::new), List.of(), HealthSettings.DEFAULT)
            .equalWeights());
  }
}
