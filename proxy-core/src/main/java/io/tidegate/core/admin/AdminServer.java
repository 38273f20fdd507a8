package io.tidegate.core.admin;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * The admin listener, on threads of its own: what happens there takes none from clients of the
 * proxy. Without TLS, so it is for this machine or stands behind who speaks it.
 */
public final class AdminServer implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int BACKLOG = 1000;
  private static final int BUFFER_OCTETS = 16 << 10;
  private static final int MOST_FIELDS = 64;
  private static final int MOST_HEAD_OCTETS = 16 << 10;

  /**
   * How long clients are waited for, in milliseconds.
   *
   * @param head for a whole head
   * @param content for all content of a request
   * @param rest for the next request of a connection
   * @param stalled for what they should send or take to go on
   * @param keepAlive after that long a stream of events without any shows that it is there; less
   *     than {@code stalled}, or it would be taken for one that nobody reads
   */
  record Patience(int head, int content, int rest, int stalled, int keepAlive) {
    static final Patience DEFAULT = new Patience(10_000, 30_000, 60_000, 30_000, 15_000);
  }

  /** How long answers under way may take when it is closed: whoever closes it waits for them. */
  private static final int CLOSING_MILLIS = 2_000;

  /** After that long they are interrupted. */
  private static final int ENDING_MILLIS = 5_000;

  private final XnioWorker threads;
  private final AcceptingChannel<StreamConnection> channel;
  private final Gate gate;

  private AdminServer(XnioWorker threads, AcceptingChannel<StreamConnection> channel, Gate gate) {
    this.threads = threads;
    this.channel = channel;
    this.gate = gate;
  }

  /**
   * Listens.
   *
   * @param token what clients have to know; empty if nothing
   * @param resources what there is
   * @throws IOException if the address cannot be listened on; the message says which and why
   */
  public static AdminServer start(
      AdminSettings settings, String token, List<AdminResource> resources, EventLog events)
      throws IOException {
    return start(settings, token, resources, events, Patience.DEFAULT);
  }

  /** The same with other time-outs. */
  static AdminServer start(
      AdminSettings settings,
      String token,
      List<AdminResource> resources,
      EventLog events,
      Patience patience)
      throws IOException {
    Gate gate = new Gate(settings, token, System::nanoTime);
    EventStream stream = new EventStream(events, patience.keepAlive());
    AdminHandler handler = new AdminHandler(settings, gate, resources, stream, patience.content());
    HttpOpenListener http =
        new HttpOpenListener(new DefaultByteBufferPool(true, BUFFER_OCTETS), ofHttp(patience));
    http.setRootHandler(new HttpContinueReadHandler(handler));
    XnioWorker threads = threads();
    try {
      AcceptingChannel<StreamConnection> channel =
          threads.createStreamConnectionServer(
              new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()),
              ChannelListeners.openListenerAdapter(new AdminDoor(gate::knows, http)),
              ofSockets(patience));
      channel.resumeAccepts();
      return new AdminServer(threads, channel, gate);
    } catch (IOException e) {
      threads.shutdownNow();
      throw unbound(settings, e);
    }
  }

  private static XnioWorker threads() throws IOException {
    return Xnio.getInstance(AdminServer.class.getClassLoader())
        .createWorker(
            OptionMap.builder()
                .set(Options.WORKER_NAME, "tidegate-admin")
                .set(Options.WORKER_IO_THREADS, 1)
                .set(Options.WORKER_TASK_CORE_THREADS, WORKERS)
                .set(Options.WORKER_TASK_MAX_THREADS, WORKERS)
                .getMap());
  }

  private static OptionMap ofHttp(Patience patience) {
    return OptionMap.builder()
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
        .set(UndertowOptions.MAX_HEADERS, MOST_FIELDS)
        .set(UndertowOptions.MAX_HEADER_SIZE, MOST_HEAD_OCTETS)
        .set(UndertowOptions.MAX_ENTITY_SIZE, (long) AdminResource.MOST_LONG_OCTETS)
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, patience.head())
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, patience.rest())
        .getMap();
  }

  private static OptionMap ofSockets(Patience patience) {
    return OptionMap.builder()
        .set(Options.TCP_NODELAY, true)
        .set(Options.REUSE_ADDRESSES, true)
        .set(Options.BACKLOG, BACKLOG)
        .set(Options.WRITE_TIMEOUT, patience.stalled())
        .set(Options.READ_TIMEOUT, patience.stalled())
        .getMap();
  }

  private static IOException unbound(AdminSettings settings, IOException why) {
    return new IOException(
        "admin: cannot listen on "
            + settings.host()
            + ":"
            + settings.port()
            + ": "
            + why.getMessage(),
        why);
  }

  /** From now on, {@code token} is what clients have to know; empty if nothing. */
  public void token(String token) {
    gate.change(token);
  }

  /** The address it listens on. */
  public InetSocketAddress address() {
    return channel.getLocalAddress(InetSocketAddress.class);
  }

  /**
   * Closes the listener and its connections. It waits for answers under way, two seconds at most:
   * one of them may hang, and one may be what closes this. Where no thread can be made to do it, it
   * waits until they have been interrupted.
   */
  @Override
  public void close() {
    Thread closing = new Thread(this::end, "tidegate-admin-close");
    closing.setDaemon(true);
    try {
      closing.start();
    } catch (OutOfMemoryError e) {
      end(); // there are too many threads: it has to wait itself, longer
      return;
    }
    try {
      closing.join(CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    IoUtils.safeClose(channel);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(ENDING_MILLIS, TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
    }
  }
}
