package io.tidegate.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An origin server that does exactly what a test tells it, on a free loopback port.
 *
 * <p>Give it one script, or one for each request (or connection) in turn: the last serves all that
 * follow. Without any it answers 200 with the content {@code ok}. What goes wrong in a script ends
 * its connection and fails {@link #close}.
 */
public final class OriginServer implements AutoCloseable {
  /** What the origin does; its failures fail the test. */
  @FunctionalInterface
  public interface Script {
    /** Serves a request, or a whole connection. */
    void run(OriginConnection connection) throws Exception;
  }

  private record Scripts(boolean wholeConnections, List<Script> scripts, AtomicInteger used) {
    Scripts(boolean wholeConnections, List<Script> scripts) {
      this(wholeConnections, scripts, new AtomicInteger());
    }

    Script next() {
      return scripts.get(Math.min(used.getAndIncrement(), scripts.size() - 1));
    }
  }

  private final ServerSocket listener;
  private final @Nullable SSLContext tls;
  private final Consumer<SSLSocket> details;
  private final List<String> heads = new ArrayList<>();
  private final List<OriginConnection> connections = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private volatile Scripts scripts;
  private volatile boolean closed;
  private final Thread acceptor;
  private int accepted;

  private OriginServer(@Nullable SSLContext tls, Consumer<SSLSocket> details) throws IOException {
    this.tls = tls;
    this.details = details;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.scripts = responses("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    acceptor = spawn("testkit-origin", this::accept);
  }

  /** An origin that is listening. */
  public static OriginServer start() throws IOException {
    return new OriginServer(null, socket -> {});
  }

  /** An origin that is listening for TLS. */
  public static OriginServer startTls(SSLContext context) throws IOException {
    return startTls(context, socket -> {});
  }

  /** The same, which {@code details} tell how to speak TLS with each client. */
  public static OriginServer startTls(SSLContext context, Consumer<SSLSocket> details)
      throws IOException {
    return new OriginServer(context, details);
  }

  /** An origin that is listening for TLS, and speaks {@code protocol} if a client offers it. */
  public static OriginServer startTls(SSLContext context, String protocol) throws IOException {
    return startTls(
        context,
        socket ->
            socket.setHandshakeApplicationProtocolSelector(
                (with, offered) -> offered.contains(protocol) ? protocol : ""));
  }

  /** A loopback port on which nobody listens. */
  public static int unusedPort() throws IOException {
    while (true) {
      // Below the range from which connections and other servers of the tests get theirs.
      int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // in use: another one
      }
    }
  }

  // Scripts

  /**
   * Runs a script for each request when its head has been read, not its body, and keeps the
   * connection open unless the script closes it.
   */
  public OriginServer onRequest(Script... perRequest) {
    scripts = new Scripts(false, List.of(perRequest));
    return this;
  }

  /**
   * Reads each request with its body (asking for it with 100 if expected to) and answers it with
   * these octets.
   */
  public OriginServer respond(String... responses) {
    scripts = responses(responses);
    return this;
  }

  /**
   * Runs a script for each connection before anything has been read, and closes the connection
   * after it.
   */
  public OriginServer onConnection(Script... perConnection) {
    scripts = new Scripts(true, List.of(perConnection));
    return this;
  }

  private static Scripts responses(String... responses) {
    List<Script> scripts = new ArrayList<>();
    for (String response : responses) {
      scripts.add(
          connection -> {
            connection.takeBody();
            connection.send(response);
          });
    }
    return new Scripts(false, scripts);
  }

  // What was seen

  /** The port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** {@code 127.0.0.1:port}. */
  public String authority() {
    return "127.0.0.1:" + port();
  }

  /** The request heads read so far, exactly as received. */
  public List<String> heads() {
    synchronized (heads) {
      return List.copyOf(heads);
    }
  }

  /** The request head last read, parsed. */
  public RawHead lastRequest() {
    List<String> all = heads();
    if (all.isEmpty()) {
      throw new AssertionError("no request has come");
    }
    return RawHead.parse(all.get(all.size() - 1));
  }

  /** Waits until {@code count} request heads have been read. */
  public List<String> awaitHeads(int count) throws InterruptedException {
    await(heads, heads::size, count);
    return heads();
  }

  /** How many connections were accepted. */
  public int connections() {
    synchronized (connections) {
      return accepted;
    }
  }

  /**
   * The connection accepted as number {@code index}, the first being 0 (after its handshake); waits
   * for it.
   */
  public OriginConnection connection(int index) throws InterruptedException {
    synchronized (connections) {
      await(connections, connections::size, index + 1);
      return connections.get(index);
    }
  }

  private static void await(Object monitor, IntSupplier count, int expected)
      throws InterruptedException {
    long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
    synchronized (monitor) {
      while (count.getAsInt() < expected) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(count.getAsInt() + " instead of " + expected + " have come");
        }
        monitor.wait(left);
      }
    }
  }

  // Serving

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        synchronized (connections) {
          accepted++;
        }
        spawn("testkit-connection", () -> serve(socket));
      } catch (IOException e) {
        if (!closed) {
          failed(e);
        }
        return;
      }
    }
  }

  private void serve(Socket raw) {
    @Nullable OriginConnection connection = null;
    try (raw) {
      Socket socket = handshake(raw);
      if (socket == null) {
        return;
      }
      synchronized (connections) {
        connection = new OriginConnection(connections.size(), heads, raw, socket);
        connections.add(connection);
        connections.notifyAll();
      }
      if (closed) {
        return;
      }
      run(connection);
      connection.close();
    } catch (Throwable e) {
      failed(e);
    } finally {
      if (connection != null) {
        connection.ended();
      }
    }
  }

  private void run(OriginConnection connection) throws Exception {
    if (scripts.wholeConnections()) {
      scripts.next().run(connection);
      return;
    }
    while (!connection.isClosed() && anotherRequest(connection)) {
      Script script = scripts.next(); // before anybody is told that the request has come
      connection.readHead();
      script.run(connection);
    }
  }

  private static boolean anotherRequest(OriginConnection connection) {
    try {
      return connection.awaitOctet();
    } catch (IOException ended) {
      return false;
    }
  }

  /**
   * The socket to talk through, or null if the client did not like us: the test sees that on the
   * client's side.
   */
  private @Nullable Socket handshake(Socket raw) {
    if (tls == null) {
      return raw;
    }
    try {
      raw.setSoTimeout((int) Peer.PATIENCE.toMillis());
      var socket = (SSLSocket) tls.getSocketFactory().createSocket(raw, (InputStream) null, true);
      details.accept(socket);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      return null;
    }
  }

  private void failed(Throwable failure) {
    synchronized (failures) {
      if (!closed || failure instanceof AssertionError) {
        failures.add(failure);
      }
    }
  }

  private static Thread spawn(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Stops listening, cuts every connection, and throws what went wrong in the scripts. */
  @Override
  public void close() throws IOException, InterruptedException {
    closed = true;
    listener.close();
    acceptor.join(); // until then the port is not really closed
    List<OriginConnection> all;
    synchronized (connections) {
      all = List.copyOf(connections);
    }
    all.forEach(OriginConnection::abort);
    for (OriginConnection connection : all) {
      connection.awaitEnded();
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        AssertionError error = new AssertionError("a script of the origin failed", failures.get(0));
        failures.stream().skip(1).forEach(error::addSuppressed);
        throw error;
      }
    }
  }
}
