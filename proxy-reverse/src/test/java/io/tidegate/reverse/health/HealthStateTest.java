package io.tidegate.reverse.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rise is 2 and fall is 3; an ejection lasts until 100. */
class HealthStateTest {
  private static final ProbeThresholds THRESHOLDS = new ProbeThresholds(2, 3);

  private static HealthState after(HealthState start, String events) {
    HealthState state = start;
    for (char event : events.toCharArray()) {
      state =
          switch (event) {
            case '+' -> state.probePassed(THRESHOLDS);
            case '-' -> state.probeFailed(THRESHOLDS);
            case 'e' -> state.ejected(100);
            case 's' -> state.requestSucceeded();
            case '9' -> state.timePassed(99);
            case 't' -> state.timePassed(100);
            case 'd' -> state.drained(false);
            case 'r' -> state.resumed();
            default -> throw new IllegalArgumentException(events);
          };
    }
    return state;
  }

  private static HealthState start(String name) {
    return switch (name) {
      case "unproven" -> new Unproven(true);
      case "waiting" -> new Unproven(false);
      default -> Healthy.INSTANCE;
    };
  }

  @ParameterizedTest(name = "{0}, then {1}: {2}")
  @CsvSource({
    "healthy, '', HEALTHY",
    "healthy, -, HEALTHY",
    "healthy, --, HEALTHY",
    "healthy, ---, DOWN",
    "healthy, --+--, HEALTHY",
    "healthy, --+---, DOWN",
    "healthy, ---+, DOWN",
    "healthy, ---++, HEALTHY",
    "healthy, ---+-+, DOWN",
    "healthy, ---+-++, HEALTHY",
    "healthy, ---++--, HEALTHY",
    "healthy, e, EJECTED",
    "healthy, e9, EJECTED",
    "healthy, et, HEALTHY",
    "healthy, e++++, EJECTED",
    "healthy, e---, DOWN",
    "healthy, --e-, DOWN",
    "healthy, --e+-, EJECTED",
    "healthy, e---t, DOWN",
    "healthy, ---e, DOWN",
    "healthy, ete, EJECTED",
    "healthy, et---, DOWN",
    "healthy, e--t-, DOWN",
    "healthy, d, DRAINING",
    "healthy, de, DRAINING",
    "healthy, der, HEALTHY",
    "healthy, d---, DRAINING",
    "healthy, d---r, DOWN",
    "healthy, d---++r, HEALTHY",
    "healthy, edt, DRAINING",
    "healthy, edtr, HEALTHY",
    "healthy, ed9r, EJECTED",
    "unproven, '', HEALTHY",
    "unproven, -, DOWN",
    "unproven, +--, HEALTHY",
    "unproven, +---, DOWN",
    "unproven, e, EJECTED",
    "unproven, et, HEALTHY",
    "waiting, '', DOWN",
    "waiting, e, DOWN",
    "waiting, +, HEALTHY",
    "waiting, -, DOWN",
    "waiting, -+, DOWN",
    "waiting, -++, HEALTHY",
  })
  void eventsLeadTo(String start, String events, EndpointState expected) {
    assertEquals(expected, after(start(start), events).shown());
  }

  @Test
  void aTrialEndsWithTheThirdRequestThatSucceeds() {
    assertEquals(new OnTrial(2, 0), after(Healthy.INSTANCE, "etss"));
    assertEquals(Healthy.INSTANCE, after(Healthy.INSTANCE, "etsss"));
    assertEquals(new OnTrial(0, 0), after(Healthy.INSTANCE, "etssetsset"));
  }

  @Test
  void failedProbesCountThroughATrial() {
    assertEquals(new Healthy(2), after(Healthy.INSTANCE, "e--tsss"));
    assertEquals(Down.INSTANCE, after(Healthy.INSTANCE, "e--tsss-"));
  }

  @Test
  void timesAreComparedAcrossTheOverflowOfTheClock() {
    Ejected ejected = new Ejected(Long.MIN_VALUE + 5, 0);
    assertSame(ejected, ejected.timePassed(Long.MAX_VALUE));
    assertEquals(new OnTrial(0, 0), ejected.timePassed(Long.MIN_VALUE + 5));
  }

  static List<HealthState> states() {
    return List.of(
        Healthy.INSTANCE,
        new Unproven(true),
        new Unproven(false),
        Down.INSTANCE,
        new Ejected(200, 0),
        new OnTrial(1, 0),
        new Draining(Healthy.INSTANCE, false));
  }

  @ParameterizedTest
  @MethodSource("states")
  void whatMeansNothingToAStateLeavesItAlone(HealthState state) {
    assertSame(state, state.timePassed(100));
    boolean counts = state instanceof OnTrial;
    assertEquals(counts ? new OnTrial(2, 0) : state, state.requestSucceeded());
    boolean drains = state instanceof Draining;
    assertEquals(drains ? Healthy.INSTANCE : state, state.resumed());
  }

  @Test
  void aDrainCanBeginAgainWithoutSessions() {
    HealthState with = Healthy.INSTANCE.drained(true);
    assertSame(with, with.drained(true));
    assertEquals(new Draining(Healthy.INSTANCE, false), with.drained(false));
  }
}
