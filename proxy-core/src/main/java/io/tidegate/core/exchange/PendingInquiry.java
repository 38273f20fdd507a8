package io.tidegate.core.exchange;

import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.connect.UpstreamRequest;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.ProxyError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request of a plug-in's own that has not been answered yet, on a connection of its own. */
final class PendingInquiry implements Completion<UpstreamConnection>, ResponseReceiver {
  private final IoLoop loop;
  private final Inquiry inquiry;
  private final Completion<Inquiry.Answer> completion;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private Runnable alarm = () -> {};
  private Connector.@Nullable Handle connecting;
  private @Nullable UpstreamConnection upstream;
  private @Nullable ResponseHead answer;
  private boolean over;

  PendingInquiry(IoLoop loop, Inquiry inquiry, Completion<Inquiry.Answer> completion) {
    this.loop = loop;
    this.inquiry = inquiry;
    this.completion = completion;
  }

  void start(Connector connector) {
    alarm = loop.after(inquiry.timeout().toMillis(), this::overdue);
    connecting =
        connector.connect(loop, inquiry.destination(), inquiry.timeout(), address -> null, this);
  }

  private void overdue() {
    fail(Failure.of(ProxyError.HTTP_RESPONSE_TIMEOUT, "no answer came in time"));
  }

  @Override
  public void completed(UpstreamConnection connection) {
    if (over) {
      connection.close();
      return;
    }
    upstream = connection;
    connection.send(request(), this);
    connection.endRequest(null);
    loop.flush();
  }

  private UpstreamRequest request() {
    FieldEdits fields = new FieldEdits(inquiry.fields());
    return new UpstreamRequest(
        inquiry.method(),
        inquiry.pathAndQuery(),
        inquiry.host(),
        fields,
        Framing.NONE,
        false,
        null,
        true);
  }

  @Override
  public void failed(Failure failure) {
    fail(failure);
  }

  @Override
  public void failed(Failure failure, boolean silent) {
    fail(failure);
  }

  @Override
  public void interim(ResponseHead head) {}

  @Override
  public void head(ResponseHead head, Framing framing) {
    answer = head;
    if (inquiry.maxContent() == 0) {
      answered(head);
    }
  }

  @Override
  public void content(ByteBuffer data) {
    int wanted = Math.min(data.remaining(), inquiry.maxContent() - content.size());
    for (int i = 0; i < wanted; i++) {
      content.write(data.get());
    }
    data.position(data.limit());
    if (content.size() == inquiry.maxContent() && answer != null) {
      answered(answer);
    }
  }

  @Override
  public void end(Fields trailers) {
    if (answer != null) {
      answered(answer);
    }
  }

  @Override
  public void requestDrained() {}

  @Override
  public void requestBroken() {}

  private void answered(ResponseHead head) {
    if (!over) {
      abandon();
      completion.completed(new Inquiry.Answer(head, content.toByteArray()));
    }
  }

  private void fail(Failure failure) {
    if (!over) {
      abandon();
      completion.failed(failure);
    }
  }

  /** Gives up; nobody is told. */
  void abandon() {
    over = true;
    alarm.run();
    if (connecting != null) {
      connecting.abandon();
    }
    if (upstream != null) {
      upstream.close();
    }
  }
}
