package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.ProxyError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client's side of a request of our own whose response we want to have ourselves. */
final class Answer extends NoClient {
  private static final int MOST_CONTENT = 64 << 10;

  private final Completion<OwnResponse> completion;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private int status;
  private Fields fields = Fields.empty();
  private boolean ended;

  /** On behalf of {@code cause}; {@code completion} is told of the response. */
  Answer(ClientExchange cause, Completion<OwnResponse> completion) {
    super(cause);
    this.completion = completion;
  }

  @Override
  public BodySink respond(int code, String reason, FieldEdits edits, Framing body) {
    status = code;
    fields = edits.toFields();
    return this;
  }

  @Override
  public void write(ByteBuffer data) {
    byte[] octets = new byte[data.remaining()];
    data.get(octets);
    content.write(octets, 0, Math.min(octets.length, MOST_CONTENT + 1 - content.size()));
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {
    ended = true;
  }

  @Override
  public void finish() {
    if (ended && content.size() <= MOST_CONTENT) {
      completion.completed(new OwnResponse(status, fields, content.toByteArray()));
    } else {
      abort();
    }
  }

  @Override
  public void abort() {
    completion.failed(
        Failure.of(
            ProxyError.HTTP_RESPONSE_INCOMPLETE,
            ended ? "the answer of the authorizing server is too long" : "no answer came whole"));
  }
}
