package io.tidegate.core.header;

import io.tidegate.core.header.TracingSettings.Mode;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The place of this proxy in traces, as its settings want it. */
public final class Tracing {
  private final TracingSettings settings;

  /** As {@code settings} say. */
  public Tracing(TracingSettings settings) {
    this.settings = settings;
  }

  /** The part of a trace that a request is with us; null if it is no matter of ours. */
  public @Nullable TraceContext follow(ClientRequest request, RandomGenerator random) {
    if (settings.mode() == Mode.PASS) {
      return null;
    }
    TraceContext received = TraceContext.of(believed(request));
    return received == null
        ? TraceContext.begin(random, random.nextDouble() < settings.sampledShare())
        : received.next(random);
  }

  /** The fields of a request; none if its client's word is not taken for the trace it is in. */
  public Fields believed(ClientRequest request) {
    return believes(request) ? request.head().fields() : Fields.empty();
  }

  private boolean believes(ClientRequest request) {
    if (settings.mode() != Mode.RESTART) {
      return true;
    }
    InetAddress client = request.clientAddress().getAddress();
    return settings.trusted().stream().anyMatch(range -> range.contains(client));
  }

  /** Has the upstream request say that it comes from {@code ours}. */
  public static void tell(TraceContext ours, FieldEdits upstreamRequest) {
    upstreamRequest.set(FieldName.TRACEPARENT, ours.traceparent());
    if (ours.state().isEmpty()) {
      upstreamRequest.remove(FieldName.TRACESTATE);
    }
  }

  /** Has the upstream request say of traces what {@code told} says, in place of what came. */
  public static void tell(Fields told, FieldEdits upstreamRequest) {
    for (int i = 0; i < told.size(); i++) {
      upstreamRequest.set(FieldName.of(told.name(i)), told.value(i));
    }
  }
}
