package io.tidegate.core.metrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import io.micrometer.observation.transport.RequestReplySenderContext;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges as observations of Micrometer: one for each request of a client, and below it one for
 * each attempt to get a response. Handlers of the registry make spans and meters of them. No scope
 * is ever opened: IO threads serve many exchanges in turns. Thread-safe.
 */
public final class Observations implements ExchangeObserver {
  /** What fails with less has failed for its client, and not for the proxy. */
  private static final int SERVER_ERROR = 500;

  private final ObservationRegistry registry;

  private Observations(ObservationRegistry registry) {
    this.registry = registry;
  }

  /** Observations with the handlers of {@code registry}. */
  public static Observations in(ObservationRegistry registry) {
    return new Observations(registry);
  }

  @Override
  public Exchange began(ClientRequest request, Fields context) {
    RequestReplyReceiverContext<Fields, Integer> received =
        new RequestReplyReceiverContext<>(new Reading());
    received.setCarrier(context);
    String method = method(request);
    Observation observation =
        Observation.createNotStarted(Names.REQUEST, () -> received, registry)
            .contextualName(spanMethod(method))
            .lowCardinalityKeyValue(Names.METHOD, method)
            .highCardinalityKeyValue(Names.SCHEME, request.scheme())
            .highCardinalityKeyValue(Names.SERVER, request.authority().host());
    if (!request.head().isConnect()) {
      observation.highCardinalityKeyValue(Names.PATH, RequestTarget.path(request.pathAndQuery()));
    }
    observation.start();
    return new OneExchange(observation, method, received);
  }

  /** What a client says of traces. */
  private static final class Reading implements Propagator.Getter<Fields> {
    @Override
    public @Nullable String get(@Nullable Fields carrier, String key) {
      return carrier == null ? null : carrier.first(FieldName.of(key));
    }

    @Override
    public Iterable<String> getAll(@Nullable Fields carrier, String key) {
      return carrier == null ? List.of() : carrier.all(FieldName.of(key));
    }
  }

  private static void tell(@Nullable FieldEdits carrier, String key, String value) {
    if (carrier != null) {
      carrier.set(FieldName.of(key), value);
    }
  }

  private static String method(ClientRequest request) {
    return Words.method(Words.method(request.head().method()));
  }

  /** How the name of a span begins. */
  private static String spanMethod(String method) {
    return method.equals(Words.OTHER) ? "HTTP" : method;
  }

  private static void end(Observation observation, int status, @Nullable Failure failure) {
    observation
        .lowCardinalityKeyValue(Names.STATUS_CLASS, Words.classWord(Words.statusClass(status)))
        .lowCardinalityKeyValue(Names.ERROR, Words.error(Words.error(failure)));
    if (status != 0) {
      observation.highCardinalityKeyValue(Names.STATUS, Integer.toString(status));
    }
    observation.stop();
  }

  private final class OneExchange implements Exchange {
    private final Observation observation;
    private final String method;
    private final RequestReplyReceiverContext<Fields, Integer> received;

    OneExchange(
        Observation observation,
        String method,
        RequestReplyReceiverContext<Fields, Integer> received) {
      this.observation = observation;
      this.method = method;
      this.received = received;
    }

    @Override
    public Attempt attempting(ClientRequest request, Route route, Destination destination) {
      RequestReplySenderContext<FieldEdits, Integer> sent =
          new RequestReplySenderContext<>(Observations::tell);
      FieldEdits fields = new FieldEdits(Fields.empty());
      sent.setCarrier(fields);
      String cluster = route.clusterName().isEmpty() ? Words.NONE : route.clusterName();
      if (!route.clusterName().isEmpty()) {
        sent.setRemoteServiceName(cluster);
      }
      String asked = method(request);
      Observation attempt =
          Observation.createNotStarted(Names.ATTEMPT, () -> sent, registry)
              .parentObservation(observation)
              .contextualName(spanMethod(asked))
              .lowCardinalityKeyValue(Names.METHOD, asked)
              .lowCardinalityKeyValue(Names.CLUSTER, cluster)
              .highCardinalityKeyValue(Names.ENDPOINT, destination.name());
      attempt.start();
      return new OneAttempt(attempt, fields.toFields(), sent);
    }

    @Override
    public void ended(
        @Nullable Route route, int status, @Nullable String cache, @Nullable Failure failure) {
      String name = route == null || route.name().isEmpty() ? Words.NONE : route.name();
      observation
          .lowCardinalityKeyValue(Names.ROUTE, name)
          .lowCardinalityKeyValue(Names.CACHE, Words.cache(Words.cache(cache)));
      if (!name.equals(Words.NONE)) {
        observation.contextualName(spanMethod(method) + " " + name);
      }
      if (failure != null && failure.status() >= SERVER_ERROR) {
        observation.error(new ObservedFailure(failure));
      }
      received.setResponse(status);
      end(observation, status, failure);
    }
  }

  private record OneAttempt(
      Observation observation, Fields fields, RequestReplySenderContext<FieldEdits, Integer> sent)
      implements Attempt {
    @Override
    public void ended(int status, @Nullable Failure failure) {
      if (failure != null) {
        observation.error(new ObservedFailure(failure));
      }
      sent.setResponse(status);
      end(observation, status, failure);
    }
  }
}
