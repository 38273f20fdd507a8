package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, blocking: what the scripted origin and the raw client have in common.
 * Text is ISO-8859-1.
 *
 * <p>An operation that takes longer than {@link #PATIENCE} fails with an {@link AssertionError}.
 * For one thread at a time, except {@link #received}, {@link #sent}, {@link #reset} and {@link
 * #cut}.
 */
public abstract class Peer implements AutoCloseable {
  /** How long any one operation may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What {@link #received} remembers at the most. */
  private static final int MEMORY = 8 << 20;

  private static final int MAX_HEAD = 1 << 20;

  /** Closes the socket under a write that nobody takes: a socket has no write time-out. */
  private static final ScheduledExecutorService WATCHDOG =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "testkit-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  private final Socket raw;
  private final Socket socket;
  private final byte[] buffer = new byte[16 << 10];
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final AtomicLong sent = new AtomicLong();
  private int position;
  private int limit;
  private long deadline;
  private volatile boolean endedByReset;

  /** A connection; {@code socket} is {@code raw}, or TLS over it. */
  Peer(Socket raw, Socket socket) throws IOException {
    this.raw = raw;
    this.socket = socket;
    raw.setTcpNoDelay(true);
  }

  // Sending

  /** Sends {@code text} as it stands. */
  public void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  /** Sends {@code octets}. */
  public void send(byte[] octets) throws IOException {
    Future<?> watch = WATCHDOG.schedule(this::cut, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      socket.getOutputStream().write(octets);
      socket.getOutputStream().flush();
      sent.addAndGet(octets.length);
    } catch (IOException e) {
      if (watch.isDone()) {
        throw new AssertionError("nobody took what was sent for " + PATIENCE, e);
      }
      throw e;
    } finally {
      watch.cancel(false);
    }
  }

  /** Sends {@code block} again and again until the other side closes or resets the connection. */
  public void sendUntilClosed(byte[] block) {
    try {
      while (true) {
        send(block);
      }
    } catch (IOException expected) {
      endedByReset = true;
    }
  }

  /** How many octets were sent, of complete {@link #send}s. */
  public long sent() {
    return sent.get();
  }

  // Reading

  /**
   * The next head, exactly as received, up to and including its empty line.
   *
   * @throws EOFException if the connection ends first
   */
  public String readHead() throws IOException {
    begin();
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int octet = read();
      if (octet < 0) {
        throw new EOFException("connection ended inside a head: '" + head + "'");
      }
      head.append((char) octet);
      if (head.length() > MAX_HEAD) {
        throw new AssertionError("a head longer than " + MAX_HEAD);
      }
    }
    return head.toString();
  }

  /**
   * Exactly {@code count} octets.
   *
   * @throws EOFException if the connection ends first
   */
  public byte[] readBytes(int count) throws IOException {
    byte[] octets = readUpTo(count);
    if (octets.length < count) {
      throw new EOFException(octets.length + " octets instead of " + count);
    }
    return octets;
  }

  /** Exactly as many octets as {@code count}, as text. */
  public String readText(int count) throws IOException {
    return new String(readBytes(count), ISO_8859_1);
  }

  /** Reads and drops exactly {@code count} octets. */
  public void skip(long count) throws IOException {
    begin();
    for (long left = count; left > 0; ) {
      if (position == limit && !fill()) {
        throw new EOFException(left + " of " + count + " octets are missing");
      }
      int step = (int) Math.min(left, limit - position);
      position += step;
      left -= step;
    }
  }

  /** Everything until the other side ends the connection with FIN. */
  public byte[] readUntilClose() throws IOException {
    return readUpTo(Integer.MAX_VALUE);
  }

  /** A chunked body with its trailers. */
  public ChunkedBody readChunked() throws IOException {
    begin();
    return ChunkedBody.read(this);
  }

  /** Whether the connection ends here, with FIN or RST; waits until it ends or an octet arrives. */
  public boolean atEnd() {
    begin();
    try {
      return position == limit && !fill();
    } catch (IOException ended) {
      return true;
    }
  }

  /** Drops whatever arrives until the other side closes or resets the connection. */
  public void awaitClose() {
    while (!atEnd()) {
      position = limit;
    }
  }

  /** Whether the connection was seen to end with RST. */
  public boolean endedByReset() {
    return endedByReset;
  }

  /** Everything that was received so far, of which the first 8 MiB; under TLS after decryption. */
  public byte[] received() {
    synchronized (received) {
      return received.toByteArray();
    }
  }

  /** The next octets, less than {@code count} only if FIN comes first. */
  byte[] readUpTo(int count) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    readInto(octets, count);
    return octets.toByteArray();
  }

  /** As {@link #readUpTo}; if RST comes first, {@code octets} holds what came before it. */
  void readInto(ByteArrayOutputStream octets, int count) throws IOException {
    begin();
    while (octets.size() < count && (position < limit || fill())) {
      int step = Math.min(count - octets.size(), limit - position);
      octets.write(buffer, position, step);
      position += step;
    }
  }

  /** The next octet, or -1 at the end. */
  int read() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xff : -1;
  }

  /** Whether there is an octet to read; waits for one however long it takes. */
  boolean awaitOctet() throws IOException {
    deadline = 0;
    return position < limit || fill();
  }

  /** The socket that carries the octets. */
  Socket socket() {
    return socket;
  }

  private void begin() {
    deadline = System.nanoTime() + PATIENCE.toNanos();
  }

  private boolean fill() throws IOException {
    try {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      socket.setSoTimeout(deadline == 0 ? 0 : (int) Math.max(1, left));
      int count = socket.getInputStream().read(buffer);
      position = 0;
      limit = Math.max(0, count);
      synchronized (received) {
        received.write(buffer, 0, Math.min(limit, MEMORY - received.size()));
      }
      return count > 0;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing arrived for " + PATIENCE + " after " + tail(), e);
    } catch (SocketException e) {
      endedByReset = true;
      throw e;
    }
  }

  private String tail() {
    String all = new String(received(), ISO_8859_1);
    return "'" + all.substring(Math.max(0, all.length() - 200)) + "'";
  }

  // Ending

  /** Sends FIN (after close_notify under TLS); the other direction stays open. */
  public void halfClose() throws IOException {
    if (raw.isOutputShutdown()) {
      return;
    }
    socket.shutdownOutput();
    if (socket != raw) {
      raw.shutdownOutput();
    }
  }

  /** Closes in order: close_notify under TLS, FIN, and only then the socket. */
  @Override
  public void close() throws IOException {
    if (raw.isClosed()) {
      return;
    }
    try {
      halfClose();
      raw.getInputStream()
          .skipNBytes(raw.getInputStream().available()); // unread octets make it an RST
    } catch (IOException ended) {
      // by the other side: there is nothing left to do in order
    }
    raw.close();
  }

  /** Sends RST. */
  public void reset() throws IOException {
    raw.setSoLinger(true, 0);
    raw.close();
  }

  /** Sends FIN at once; under TLS without close_notify, as an attacker cuts a connection. */
  public void cut() {
    try {
      raw.close();
    } catch (IOException ignored) {
      // closed either way
    }
  }

  /** Whether this side has closed it. */
  public boolean isClosed() {
    return raw.isClosed();
  }

  /** Our own port. */
  public int localPort() {
    return raw.getLocalPort();
  }

  /** The other side's port. */
  public int remotePort() {
    return raw.getPort();
  }

  /** The TLS session, null without TLS. */
  public @Nullable SSLSession tlsSession() {
    return socket instanceof SSLSocket tls ? tls.getSession() : null;
  }
}
