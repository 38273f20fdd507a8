package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The origin's end of one connection, as a script sees it. */
public final class OriginConnection extends Peer {
  private final int index;
  private final List<String> origin;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread script = Thread.currentThread();

  OriginConnection(int index, List<String> origin, Socket raw, Socket socket) throws IOException {
    super(raw, socket);
    this.index = index;
    this.origin = origin;
  }

  /** Which connection of the origin this is, the first being 0. */
  public int index() {
    return index;
  }

  /** Reads the head of a request; the origin remembers it. */
  @Override
  public String readHead() throws IOException {
    String head = super.readHead();
    heads.add(head);
    synchronized (origin) {
      origin.add(head);
      origin.notifyAll();
    }
    return head;
  }

  /** The head last read, exactly as received. */
  public String head() {
    return heads.get(heads.size() - 1);
  }

  /** The head last read, parsed. */
  public RawHead request() {
    return RawHead.parse(head());
  }

  /** Every head read from this connection. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /**
   * Reads the body that belongs to {@link #head}, decoded if it is chunked.
   *
   * @throws EOFException if the connection ends first
   */
  public byte[] readBody() throws IOException {
    RawHead request = request();
    @Nullable String length = request.field("Content-Length");
    if (request.field("Transfer-Encoding") != null) {
      ChunkedBody body = readChunked();
      if (!body.complete()) {
        throw new EOFException("connection ended inside a chunked body");
      }
      return body.content();
    }
    return length == null ? new byte[0] : readBytes(Integer.parseInt(length));
  }

  /** As {@link #readBody}, as text. */
  public String readBodyText() throws IOException {
    return new String(readBody(), ISO_8859_1);
  }

  /** Reads the body as a polite server does: asks for it first if the client waits to be asked. */
  void takeBody() throws IOException {
    if ("100-continue".equalsIgnoreCase(request().field("Expect"))) {
      send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    readBody();
  }

  /**
   * For tests: waits until this connection is over, whoever closed it, and its script has ended.
   */
  public void awaitEnded() throws InterruptedException {
    if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("connection " + index + " is still open after " + PATIENCE);
    }
  }

  /** Ends the connection and whatever its script waits for. */
  void abort() {
    cut();
    script.interrupt();
  }

  void ended() {
    ended.countDown();
  }
}
