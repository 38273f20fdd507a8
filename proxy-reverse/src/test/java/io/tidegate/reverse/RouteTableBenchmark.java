package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.testkit.Tls;
import io.tidegate.reverse.protect.OwnFilters;
import io.tidegate.reverse.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How long it takes to find the route of a request, and how much is allocated for it, with routes
 * of all kinds on several hosts. No test: run as docs/decisions.md says.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RouteTableBenchmark {
  private static final int REQUESTS = 256; // a power of two
  private static final List<String> HOSTS =
      List.of("a.example", "b.example", "*.c.example", "d.example", "*");

  /** How many routes there are. */
  @Param({"10", "100", "1000"})
  public int routes;

  private RouteTable table;
  private ClientRequest[] requests;
  private int next;

  /** Makes the table, and requests that its routes take. */
  @Setup
  public void prepare() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder().cluster("app", c -> c.endpoint("http://10.0.0.1"));
    for (int i = 0; i < routes; i++) {
      RouteMatch match = Routes.host(HOSTS.get(i % HOSTS.size())).path(template(i));
      builder.route(match, route -> route.to("app"));
    }
    table =
        new Assembly(
                builder.settings(),
                Map.of(),
                List.of(),
                OwnFilters.NONE,
                Tls.sources(),
                new Random(1),
                System::nanoTime,
                new Kept(),
                new Checks())
            .routeTable();
    Random random = new Random(2);
    requests = new ClientRequest[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = request(random.nextInt(routes));
      if (table.resolve(requests[i]) instanceof Failure) {
        throw new IllegalStateException(requests[i].pathAndQuery());
      }
    }
  }

  private static String template(int route) {
    return switch (route % 4) {
      case 0 -> "/service" + route + "/items";
      case 1 -> "/service" + route + "/items/{id}";
      case 2 -> "/service" + route + "/**";
      default -> "/tenants/{tenant}/service" + route + "/**";
    };
  }

  private static ClientRequest request(int route) {
    String host = HOSTS.get(route % HOSTS.size()).replace("*", "www");
    String path =
        switch (route % 4) {
          case 0 -> "/service" + route + "/items";
          case 1 -> "/service" + route + "/items/4711";
          case 2 -> "/service" + route + "/some/thing/below?q=1";
          default -> "/tenants/acme/service" + route + "/orders/4711";
        };
    return Requests.get(host, path);
  }

  /** One request after the other. */
  @Benchmark
  public Resolution resolve() {
    return table.resolve(requests[next++ & REQUESTS - 1]);
  }

  @Test
  void run() throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(RouteTableBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
