package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.ProxyError;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/** Has a parent proxy open the way to a destination, over a connection to the parent. */
final class ParentHandshake {
  /** Told how it ended, once. */
  interface Ended {
    /** The way is open; {@code early} is what the destination has sent already, or null. */
    void opened(@Nullable ByteBuffer early);

    void failed(Failure failure);
  }

  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceChannel source;
  private final StreamSinkChannel sink;
  private final ParentDialogue dialogue;
  private final Ended listener;
  private ByteBuffer unsent;
  private boolean done;

  ParentHandshake(IoLoop loop, StreamConnection channel, ParentDialogue dialogue, Ended listener) {
    this.loop = loop;
    this.channel = channel;
    this.source = channel.getSourceChannel();
    this.sink = channel.getSinkChannel();
    this.dialogue = dialogue;
    this.listener = listener;
    this.unsent = dialogue.opening();
  }

  void start() {
    channel.getSourceChannel().setReadListener(c -> progress());
    channel.getSinkChannel().setWriteListener(c -> progress());
    source.resumeReads();
    progress();
  }

  /** Gives up, silently. */
  void abandon() {
    done = true;
    IoUtils.safeClose(channel);
  }

  private void progress() {
    if (done) {
      return;
    }
    ByteBuffer in = loop.takeInput();
    try {
      while (!done && isSent() && read(in.clear())) {
        take(in.flip());
      }
    } catch (ParentDialogue.RefusedException e) {
      fail(e.failure());
    } catch (IOException e) {
      fail(lost(Failure.of(ProxyError.CONNECTION_TERMINATED, "the connection was lost", e)));
    } catch (RuntimeException | Error e) {
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private boolean isSent() throws IOException {
    while (unsent.hasRemaining()) {
      if (sink.write(unsent) == 0) {
        sink.resumeWrites();
        return false;
      }
    }
    if (!sink.flush()) {
      sink.resumeWrites();
      return false;
    }
    sink.suspendWrites();
    return true;
  }

  /** Whether something has come. */
  private boolean read(ByteBuffer in) throws IOException {
    int n = source.read(in);
    if (n < 0) {
      fail(lost(Failure.of(ProxyError.CONNECTION_TERMINATED, "it has closed the connection")));
    }
    return n > 0;
  }

  private void take(ByteBuffer in) throws ParentDialogue.RefusedException {
    ByteBuffer next = dialogue.take(in);
    if (dialogue.isOpen()) {
      open(in.hasRemaining() ? ByteBuffer.allocate(in.remaining()).put(in).flip() : null);
    } else if (next != null) {
      if (in.hasRemaining()) {
        throw ParentDialogue.garbage(); // an answer to what has not been said
      }
      unsent = next;
    }
  }

  private void open(@Nullable ByteBuffer early) {
    done = true;
    source.suspendReads();
    channel.getSourceChannel().setReadListener(null);
    channel.getSinkChannel().setWriteListener(null);
    // Not at once: the conduit that calls back may be in the middle of its work.
    loop.thread().execute(() -> listener.opened(early));
  }

  private void fail(Failure failure) {
    if (!done) {
      done = true;
      IoUtils.safeClose(channel);
      listener.failed(failure);
    }
  }

  private static Failure lost(Failure reason) {
    return ParentUnavailableException.failure(reason);
  }
}
