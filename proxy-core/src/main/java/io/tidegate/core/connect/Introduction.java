package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.ProxyProtocol;
import io.tidegate.core.wire.ProxyHeaderWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;

/** Tells a destination, before anything else, on whose behalf a connection to it is made. */
final class Introduction {
  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSinkChannel sink;
  private final ByteBuffer unsent;
  private final Completion<StreamConnection> completion;
  private boolean waited;
  private boolean done;

  Introduction(
      IoLoop loop,
      StreamConnection channel,
      ProxyProtocol told,
      Completion<StreamConnection> completion) {
    this.loop = loop;
    this.channel = channel;
    this.sink = channel.getSinkChannel();
    this.completion = completion;
    this.unsent =
        ByteBuffer.wrap(
            switch (told.version()) {
              case V1 -> ProxyHeaderWriter.version1(told.client(), told.local());
              case V2 -> ProxyHeaderWriter.version2(told.client(), told.local());
            });
  }

  void start() {
    try {
      if (isSent()) {
        completed();
      } else {
        waited = true;
        channel.getSinkChannel().setWriteListener(c -> progress());
        sink.resumeWrites();
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void progress() {
    try {
      if (!done && isSent()) {
        completed();
      }
    } catch (IOException e) {
      failed(e);
    } finally {
      loop.flush();
    }
  }

  private boolean isSent() throws IOException {
    while (unsent.hasRemaining()) {
      if (sink.write(unsent) == 0) {
        return false;
      }
    }
    return sink.flush();
  }

  private void completed() {
    done = true;
    if (waited) {
      sink.suspendWrites();
      channel.getSinkChannel().setWriteListener(null);
      // Not at once: the conduit that calls back may be in the middle of its work.
      loop.later(() -> completion.completed(channel));
    } else {
      completion.completed(channel);
    }
  }

  private void failed(IOException cause) {
    abandon();
    completion.failed(
        Failure.of(ProxyError.CONNECTION_TERMINATED, "the connection was lost", cause));
  }

  /** Gives up, silently. */
  void abandon() {
    done = true;
    IoUtils.safeClose(channel);
  }
}
