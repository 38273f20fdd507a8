package io.tidegate.core.testkit;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Remembers observations, and tells upstreams of a trace as a tracer does. */
final class ObservationRecorder implements ObservationHandler<Observation.Context> {
  static final String TRACEPARENT = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-%016x-01";

  final Queue<Observation.Context> started = new ConcurrentLinkedQueue<>();
  final BlockingQueue<Observation.Context> stopped = new LinkedBlockingQueue<>();
  final AtomicInteger scopes = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();

  @Override
  public boolean supportsContext(Observation.Context context) {
    return true;
  }

  @Override
  public void onStart(Observation.Context context) {
    started.add(context);
    if (context instanceof SenderContext<?> sender) {
      tell(sender);
    }
  }

  /** The first attempt tells an id of 1, the next one of 2. */
  private <C> void tell(SenderContext<C> sender) {
    String told = TRACEPARENT.formatted(attempts.incrementAndGet());
    sender.getSetter().set(sender.getCarrier(), "traceparent", told);
  }

  @Override
  public void onStop(Observation.Context context) {
    stopped.add(context);
  }

  @Override
  public void onScopeOpened(Observation.Context context) {
    scopes.incrementAndGet();
  }

  /** What a client says, as a tracer reads it. */
  static @Nullable String said(Observation.Context context, String field) {
    return read((ReceiverContext<?>) context, field);
  }

  private static <C> @Nullable String read(ReceiverContext<C> receiver, String field) {
    return receiver.getGetter().get(receiver.getCarrier(), field);
  }

  /** What meters may be made of, but for the route and the cluster: these depend on the side. */
  static Set<String> keys(Observation.Context context) {
    Set<String> keys = new TreeSet<>();
    for (KeyValue each : context.getLowCardinalityKeyValues()) {
      if (!Set.of("http.route", "cluster").contains(each.getKey())) {
        keys.add(each.getKey() + "=" + each.getValue());
      }
    }
    return keys;
  }

  static @Nullable String detail(Observation.Context context, String key) {
    KeyValue found = context.getHighCardinalityKeyValue(key);
    return found == null ? null : found.getValue();
  }
}
