package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private static void assertTold(MeterRegistry registry) {
    Supplier<String> text = PrometheusText.of(registry).orElseThrow();
    registry.counter("boats", "harbour", "north").increment(3);
    String told = text.get();
    assertTrue(told.contains("# TYPE boats_total counter\n"), told);
    assertTrue(told.contains("boats_total{harbour=\"north\"} 3.0\n"), told);
  }

  @Test
  void aRegistryForPrometheusIsTold() {
    assertTold(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  @Test
  void oneWithinACompositeIsFound() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    composite.add(new SimpleMeterRegistry());
    composite.add(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    assertTold(composite);
  }

  @Test
  void anyOtherCannotBe() {
    assertEquals(Optional.empty(), PrometheusText.of(new SimpleMeterRegistry()));
    assertEquals(Optional.empty(), PrometheusText.of(new CompositeMeterRegistry()));
  }
}
