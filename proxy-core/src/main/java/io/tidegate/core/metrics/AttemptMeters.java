package io.tidegate.core.metrics;

import io.micrometer.core.instrument.Timer;
import io.tidegate.core.spi.ExchangeListener.Attempt;

/** The attempts at one endpoint or parent proxy. */
final class AttemptMeters {
  private final OwnMeters meters;
  private final Table<Table<Timer>> byError;

  AttemptMeters(OwnMeters meters, String cluster, String endpoint) {
    this.meters = meters;
    this.byError =
        new Table<>(
            Words.ERROR_COUNT,
            error ->
                new Table<>(
                    Words.CLASS_COUNT,
                    statusClass ->
                        meters.timer(
                            Names.ATTEMPT_DURATION,
                            "Attempts to get a response, from connecting to the head of it",
                            Names.CLUSTER,
                            cluster,
                            Names.ENDPOINT,
                            endpoint,
                            Names.STATUS_CLASS,
                            Words.classWord(statusClass),
                            Names.ERROR,
                            Words.error(error))));
  }

  void record(Attempt attempt) {
    Table<Timer> byClass = byError.get(Words.error(attempt.failure()));
    Names.record(byClass.get(Words.statusClass(attempt.status())), attempt.nanos());
  }

  void remove() {
    byError.forEach(byClass -> byClass.forEach(meters::remove));
  }
}
