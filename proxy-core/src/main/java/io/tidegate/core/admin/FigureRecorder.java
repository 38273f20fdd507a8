package io.tidegate.core.admin;

import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges: those of each of the last ten minutes' seconds, and those of each route and
 * endpoint since the proxy was made. Each thread counts for itself, without locks.
 */
public final class FigureRecorder implements ExchangeListener, FiguresWatcher {
  private static final int LONGEST = FigureShard.SECONDS - 1;
  private static final long SECOND = 1_000_000_000;

  private final LongSupplier nanoTime;
  private final List<FigureShard> shards = new CopyOnWriteArrayList<>();
  private final Map<ProxyError, LongAdder> errors = new EnumMap<>(ProxyError.class);
  private final AtomicReference<@Nullable Supplier<ProxyFigures>> proxy = new AtomicReference<>();

  /*
   * What a shard holds must not lead back here: threads of an application hold it for good once
   * they have counted, and would hold all of this.
   */
  private final ThreadLocal<FigureShard> own = ThreadLocal.withInitial(this::shard);

  /** {@code nanoTime} is like {@link System#nanoTime}. */
  public FigureRecorder(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    for (ProxyError error : ProxyError.values()) {
      errors.put(error, new LongAdder());
    }
  }

  private FigureShard shard() {
    FigureShard made = new FigureShard(proxy);
    shards.add(made);
    return made;
  }

  /** What the proxy still has is told from what is forgotten when there is too much. */
  @Override
  public void begin(Supplier<ProxyFigures> figures) {
    proxy.set(figures);
  }

  @Override
  public void end() {
    proxy.set(null);
    shards.forEach(FigureShard::forget);
  }

  @Override
  public void completed(Outcome outcome) {
    if (outcome.isOwn()) {
      return;
    }
    own.get().add(outcome, second());
    Failure failure = outcome.failure();
    if (failure != null) {
      Objects.requireNonNull(errors.get(failure.error())).increment();
    }
  }

  private long second() {
    return Math.floorDiv(nanoTime.getAsLong(), SECOND);
  }

  /**
   * The last whole seconds, the oldest first; the one under way is not among them.
   *
   * @param seconds how many, at most 599
   */
  public RecentFigures recent(int seconds) {
    int count = Math.min(seconds, LONGEST);
    long end = second();
    List<Tally.Sum> sums = new ArrayList<>();
    for (long second = end - count; second < end; second++) {
      Tally.Sum sum = new Tally.Sum();
      for (FigureShard shard : shards) {
        shard.addSecond(second, sum);
      }
      sums.add(sum);
    }
    return RecentFigures.of(sums, errors());
  }

  private Map<String, Long> errors() {
    Map<String, Long> counted = new TreeMap<>();
    errors.forEach(
        (error, adder) -> {
          long count = adder.sum();
          if (count > 0) {
            counted.merge(error.token(), count, Long::sum);
          }
        });
    return counted;
  }

  /** What each route has had, by the names of routes. */
  public Map<String, TotalFigures> routes() {
    Map<String, Tally.Sum> sums = new TreeMap<>();
    shards.forEach(shard -> shard.forRoutes((name, tally) -> add(sums, name, tally)));
    return totals(sums);
  }

  /** What each endpoint of a cluster has had, by the names of endpoints. */
  public Map<String, TotalFigures> endpoints(String cluster) {
    Map<String, Tally.Sum> sums = new TreeMap<>();
    shards.forEach(shard -> shard.forEndpoints(cluster, (at, tally) -> add(sums, at, tally)));
    return totals(sums);
  }

  private static void add(Map<String, Tally.Sum> sums, String name, Tally tally) {
    tally.addTo(sums.computeIfAbsent(name, made -> new Tally.Sum()));
  }

  private static Map<String, TotalFigures> totals(Map<String, Tally.Sum> sums) {
    Map<String, TotalFigures> totals = new TreeMap<>();
    sums.forEach((name, sum) -> totals.put(name, TotalFigures.of(sum)));
    return totals;
  }
}
