package io.tidegate.core.tls;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** Sends back on TLS connections what comes, in reads of any size. Its end answers the client's. */
final class EchoServer implements AutoCloseable {
  /** How a connection ended. */
  enum End {
    /** As TLS says. */
    ORDERLY,
    /** Without a word. */
    CUT,
    /** In the handshake. */
    REFUSED,
    /** In another way. */
    FAILED
  }

  final LinkedBlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final ExecutorService computing =
      Executors.newFixedThreadPool(2, task -> new Thread(task, "computing"));
  private final XnioWorker worker;
  private final XnioIoThread thread;
  private final IoLoop loop;
  private final AcceptingChannel<StreamConnection> listener;
  private final Supplier<SSLEngine> engines;
  private final int mostAtOnce;

  /** Reads at most so many octets at once. */
  EchoServer(Supplier<SSLEngine> engines, int mostAtOnce) throws Exception {
    this.engines = engines;
    this.mostAtOnce = mostAtOnce;
    worker =
        Xnio.getInstance()
            .createWorker(
                OptionMap.create(Options.WORKER_IO_THREADS, 1, Options.WORKER_NAME, "echo"));
    thread = worker.getIoThread(0);
    CompletableFuture<IoLoop> made = new CompletableFuture<>();
    thread.execute(
        () ->
            made.complete(
                new IoLoop(
                    thread, InstantSource.system(), System::nanoTime, new java.util.Random(7))));
    loop = made.get(10, TimeUnit.SECONDS);
    listener =
        worker.createStreamConnectionServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            this::accept,
            OptionMap.EMPTY);
    listener.resumeAccepts();
  }

  InetSocketAddress address() {
    return listener.getLocalAddress(InetSocketAddress.class);
  }

  /** The name of the thread that connections live on. */
  String ioThread() {
    return thread.getName();
  }

  /** What {@code question} is answered on the IO thread. */
  <T> T ask(Function<IoLoop, T> question) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.execute(() -> answer.complete(question.apply(loop)));
    return answer.get(10, TimeUnit.SECONDS);
  }

  private void accept(AcceptingChannel<StreamConnection> accepting) {
    try {
      StreamConnection connection = accepting.accept();
      if (connection != null) {
        new Echo(connection).start();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws Exception {
    IoUtils.safeClose(listener);
    ask(
        own -> {
          own.close();
          return own;
        });
    worker.shutdownNow();
    worker.awaitTermination(10, TimeUnit.SECONDS);
    computing.shutdownNow();
  }

  private final class Echo implements Handshake.Owner, MessageWriter.Owner {
    private final StreamConnection below;
    private final Random random = new Random(7);
    private StreamConnection channel;
    private MessageWriter writer;
    private boolean ended;

    Echo(StreamConnection below) {
      this.below = below;
    }

    void start() {
      new Handshake(loop, below, engines.get(), computing, this).start(null);
    }

    @Override
    public void secured(TlsConnection connection) {
      channel = connection;
      writer = new MessageWriter(loop, connection.getSinkChannel().getConduit(), this);
      connection.getSourceChannel().setReadListener(c -> readable());
      connection
          .getSinkChannel()
          .setWriteListener(
              c -> {
                writer.writable();
                loop.flush();
              });
      connection.getSourceChannel().resumeReads();
    }

    @Override
    public void failed(IOException cause) {
      end(End.REFUSED, below);
    }

    private void end(End how, StreamConnection closed) {
      IoUtils.safeClose(closed);
      ends.add(how);
    }

    private void readable() {
      ByteBuffer in = loop.takeInput();
      try {
        int n = channel.getSourceChannel().read(in.limit(1 + random.nextInt(mostAtOnce)));
        if (n > 0) {
          writer.write(in.flip());
          if (writer.backlogged()) {
            channel.getSourceChannel().suspendReads();
          }
        } else if (n < 0) {
          ended = true;
          drained();
        }
      } catch (IOException e) {
        end(End.FAILED, channel);
      } finally {
        loop.giveInput(in);
        loop.flush();
      }
    }

    @Override
    public void drained() {
      if (!ended) {
        channel.getSourceChannel().resumeReads();
        return;
      }
      try {
        End how = below.isReadShutdown() ? End.CUT : End.ORDERLY;
        writer.flush();
        writer.shutDown();
        end(how, channel);
      } catch (IOException e) {
        end(End.FAILED, channel);
      }
    }

    @Override
    public void writeFailed(IOException cause) {
      end(End.FAILED, channel);
    }
  }
}
