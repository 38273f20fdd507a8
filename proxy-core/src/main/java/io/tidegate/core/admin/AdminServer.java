package io.tidegate.core.admin;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.xnio.Options;

/**
 * The admin listener, on threads of its own: what happens there takes none from clients of the
 * proxy. Without TLS, so it is for this machine or stands behind who speaks it.
 */
public final class AdminServer implements AutoCloseable {
  /** The longest content of a request. */
  static final long MOST_CONTENT_OCTETS = 64 << 10;

  private static final int WORKERS = 4;
  private static final int MOST_CONNECTIONS = 128;
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

  private final Undertow server;
  private final Gate gate;

  private AdminServer(Undertow server, Gate gate) {
    this.server = server;
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
    Undertow server =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(WORKERS)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
            .setServerOption(UndertowOptions.MAX_HEADERS, MOST_FIELDS)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MOST_HEAD_OCTETS)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MOST_CONTENT_OCTETS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, patience.head())
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, patience.rest())
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, ENDING_MILLIS)
            .setSocketOption(Options.WRITE_TIMEOUT, patience.stalled())
            .setSocketOption(Options.READ_TIMEOUT, patience.stalled())
            .setSocketOption(Options.CONNECTION_HIGH_WATER, MOST_CONNECTIONS)
            .setSocketOption(Options.CONNECTION_LOW_WATER, MOST_CONNECTIONS)
            .setWorkerOption(Options.WORKER_NAME, "tidegate-admin")
            .addHttpListener(settings.port(), settings.host())
            .setHandler(new HttpContinueReadHandler(handler))
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      throw unbound(settings, e);
    }
    return new AdminServer(server, gate);
  }

  private static IOException unbound(AdminSettings settings, RuntimeException e) {
    Throwable why = e.getCause() == null ? e : e.getCause();
    return new IOException(
        "admin: cannot listen on "
            + settings.host()
            + ":"
            + settings.port()
            + ": "
            + why.getMessage(),
        e);
  }

  /** From now on, {@code token} is what clients have to know; empty if nothing. */
  public void token(String token) {
    gate.change(token);
  }

  /** The address it listens on. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
  }

  /**
   * Closes the listener and its connections. It waits for answers under way, two seconds at most:
   * one of them may hang, and one may be what closes this. Where no thread can be made to do it, it
   * waits until they have been interrupted.
   */
  @Override
  public void close() {
    Thread closing = new Thread(server::stop, "tidegate-admin-close");
    closing.setDaemon(true);
    try {
      closing.start();
    } catch (OutOfMemoryError e) {
      server.stop(); // there are too many threads: it has to wait itself, longer
      return;
    }
    try {
      closing.join(CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
