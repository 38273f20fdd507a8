package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.balance.LoadReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights with slow start and reported load, in hundredths. */
class ShapedWeightTest {
  private static final long SECOND = 1_000_000_000L;

  private static Endpoint endpoint(int weight) {
    return new Endpoint(new Destination(false, "e", 80, null), weight, Placement.DEFAULT);
  }

  private static int weight(Endpoint endpoint, long seconds) {
    return endpoint.shapedWeight(0, seconds * SECOND);
  }

  @ParameterizedTest(name = "after {0} s {1} %")
  @CsvSource({"-1, 10", "0, 10", "2, 10", "3, 15", "10, 50", "19, 95", "20, 100", "1000000, 100"})
  void theShareOfAnEndpointThatReturnedGrows(long seconds, int percent) {
    Endpoint endpoint = endpoint(3);
    endpoint.startSlowly(7 * SECOND);
    assertEquals(3 * percent, endpoint.shapedWeight(20 * SECOND, (7 + seconds) * SECOND));
  }

  @Test
  void withoutSlowStartTheShareIsThereAtOnce() {
    Endpoint endpoint = endpoint(3);
    assertEquals(300, endpoint.shapedWeight(20 * SECOND, 0));
    endpoint.startSlowly(0);
    assertEquals(300, endpoint.shapedWeight(0, 0));
  }

  private static void report(
      Endpoint[] all, int index, double utilization, double requests, long at) {
    ReportedShare.report(all[index], new LoadReport(utilization, requests, 0), all, at * SECOND);
  }

  @Test
  void endpointsAreWeighedByWhatTheyCouldDo() {
    Endpoint[] all = {endpoint(1), endpoint(1), endpoint(1)};
    report(all, 0, 0.5, 100, 0); // 200 a second at most
    report(all, 1, 1, 100, 0); // 100
    assertEquals(133, weight(all[0], 0));
    assertEquals(66, weight(all[1], 0));
    assertEquals(100, weight(all[2], 0));
  }

  @Test
  void sharesThatFitWhatEndpointsCanDoStay() {
    Endpoint[] all = {endpoint(1), endpoint(3)};
    report(all, 0, 0.5, 100, 0);
    report(all, 1, 0.5, 300, 0);
    assertEquals(100, weight(all[0], 0));
    assertEquals(300, weight(all[1], 0));
  }

  @Test
  void withoutRequestRatesLoadAloneCounts() {
    Endpoint[] all = {endpoint(1), endpoint(2)};
    report(all, 0, 0.5, 0, 0); // 2
    report(all, 1, 1, 0, 0); // 1, of a mean of 1.5
    assertEquals(133, weight(all[0], 0));
    assertEquals(132, weight(all[1], 0));
  }

  @Test
  void thoseThatReportRequestRatesAndThoseThatDoNotAreKeptApart() {
    Endpoint[] all = {endpoint(1), endpoint(1)};
    report(all, 0, 0.5, 1000, 0);
    report(all, 1, 0.5, 0, 0);
    assertEquals(100, weight(all[0], 0));
    assertEquals(100, weight(all[1], 0));
  }

  @Test
  void noReportChangesAWeightMoreThanTenfold() {
    Endpoint[] all = {endpoint(1), endpoint(1)};
    report(all, 0, 0.001, 1000, 0);
    report(all, 1, 100, 1, 0);
    assertEquals(199, weight(all[0], 0));
    assertEquals(10, weight(all[1], 0));
  }

  @Test
  void whenReportsStopTheWeightGoesBackToWhatWasConfigured() {
    Endpoint[] all = {endpoint(1), endpoint(1)};
    report(all, 0, 0.25, 0, 0); // 4 of a mean of 2.5
    report(all, 1, 1, 0, 0);
    assertEquals(160, weight(all[0], 10));
    assertEquals(130, weight(all[0], 15));
    assertEquals(100, weight(all[0], 20));
    assertEquals(40, weight(all[1], 10));
    assertEquals(70, weight(all[1], 15));
    assertEquals(100, weight(all[1], 1000));
  }

  @Test
  void anOldReportIsNoMeasureForANewOne() {
    Endpoint[] all = {endpoint(1), endpoint(1)};
    report(all, 0, 0.01, 0, 0);
    report(all, 1, 1, 0, 11);
    assertEquals(100, weight(all[1], 11));
  }

  @Test
  void reportsAreLookedAtTenTimesASecond() {
    Endpoint[] all = {endpoint(1)};
    assertTrue(all[0].reportedShare().isDue(0));
    report(all, 0, 0.5, 0, 0);
    assertFalse(all[0].reportedShare().isDue(99_999_999));
    assertTrue(all[0].reportedShare().isDue(100_000_000));
  }
}
