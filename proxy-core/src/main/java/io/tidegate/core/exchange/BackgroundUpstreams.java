package io.tidegate.core.exchange;

import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Upstreams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** What background work may do, on the thread of one loop. */
public final class BackgroundUpstreams implements Upstreams {
  private final IoLoop loop;
  private final Connector connector;
  private final AddressResolver resolver;

  /** For work on the thread of {@code loop}. */
  public BackgroundUpstreams(IoLoop loop, Connector connector, AddressResolver resolver) {
    this.loop = loop;
    this.connector = connector;
    this.resolver = resolver;
  }

  @Override
  public void run(Runnable task) {
    loop.run(task);
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    return loop.after(delay.toMillis(), task);
  }

  @Override
  public void addresses(String host, Completion<List<InetAddress>> completion) {
    resolver.resolve(
        host,
        null,
        (addresses, failure) ->
            loop.later(
                () -> {
                  if (addresses != null) {
                    completion.completed(addresses);
                  } else {
                    completion.failed(failure == null ? nameless() : failure);
                  }
                }));
  }

  private static Failure nameless() {
    return Failure.of(ProxyError.DNS_ERROR, "the name has no address");
  }

  @Override
  public Runnable reach(
      Destination destination, Duration timeout, Completion<Destination> completion) {
    Completion<UpstreamConnection> reached =
        new Completion<>() {
          @Override
          public void completed(UpstreamConnection connection) {
            connection.close();
            completion.completed(destination);
          }

          @Override
          public void failed(Failure failure) {
            completion.failed(failure);
          }
        };
    return connector.connect(loop, destination, timeout, address -> null, reached)::abandon;
  }

  @Override
  public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
    PendingInquiry pending = new PendingInquiry(loop, inquiry, completion);
    pending.start(connector);
    return pending::abandon;
  }
}
