package io.tidegate.core.testkit;

import io.tidegate.core.testkit.RawResponse.Framing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes exact octets and reads responses strictly: what RFC 9112 does not allow is
 * an {@link AssertionError}.
 */
public final class RawClient extends Peer {
  private RawClient(Socket raw, Socket socket) throws IOException {
    super(raw, socket);
  }

  /** A client connected to {@code port} of the loopback address. */
  public static RawClient connect(int port) throws IOException {
    return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** A client connected to {@code address}. */
  public static RawClient connect(InetSocketAddress address) throws IOException {
    Socket socket = dial(address);
    return new RawClient(socket, socket);
  }

  /** As {@link #connect}, over TLS after a handshake that names and verifies {@code localhost}. */
  public static RawClient connectTls(int port, SSLContext context) throws IOException {
    return tls(dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), context);
  }

  /**
   * TLS inside a tunnel that {@code tunnel} has opened: nothing may have been read beyond the
   * tunnel's start.
   */
  public static RawClient tlsInside(RawClient tunnel, SSLContext context) throws IOException {
    return tls(tunnel.socket(), context);
  }

  /** The response to {@code request} on a connection of its own. */
  public static RawResponse ask(int port, String request) throws IOException {
    try (RawClient client = connect(port)) {
      return client.exchange(request);
    }
  }

  private static Socket dial(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.connect(address, (int) PATIENCE.toMillis());
    return socket;
  }

  private static RawClient tls(Socket raw, SSLContext context) throws IOException {
    raw.setSoTimeout((int) PATIENCE.toMillis());
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawClient(raw, socket);
  }

  /** Sends {@code request} and reads the response to it. */
  public RawResponse exchange(String request) throws IOException {
    send(request);
    return readResponse(request.split(" ", 2)[0]);
  }

  /** Reads the response to a request with a method other than HEAD and CONNECT. */
  public RawResponse readResponse() throws IOException {
    return readResponse("GET");
  }

  /**
   * Reads interim responses and the final response (101 is one) to a request with {@code method}.
   *
   * @throws EOFException if the connection ends before the end of a head
   */
  public RawResponse readResponse(String method) throws IOException {
    List<RawHead> interim = new ArrayList<>();
    RawHead head = RawHead.parse(readHead());
    while (status(head) < 200 && status(head) != 101) {
      interim.add(head);
      head = RawHead.parse(readHead());
    }
    Framing framing = framing(method, head);
    byte[] body = {};
    boolean complete = true;
    List<RawField> trailers = List.of();
    switch (framing) {
      case NONE -> {}
      case LENGTH -> {
        int length = Integer.parseInt(String.valueOf(head.field("Content-Length")));
        body = body(length);
        complete = body.length == length;
      }
      case CHUNKED -> {
        ChunkedBody chunked = readChunked();
        body = chunked.content();
        complete = chunked.complete();
        trailers = chunked.trailers();
      }
      case CLOSE -> {
        body = body(Integer.MAX_VALUE);
        complete = !endedByReset();
      }
    }
    return new RawResponse(
        head.startLine(),
        status(head),
        head.fields(),
        body,
        framing,
        complete,
        trailers,
        List.copyOf(interim));
  }

  /** What comes before FIN or RST, at most {@code length} octets. */
  private byte[] body(int length) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      readInto(octets, length);
    } catch (IOException ended) {
      // the caller sees that octets are missing, or asks endedByReset()
    }
    return octets.toByteArray();
  }

  private static int status(RawHead head) {
    if (!head.startLine().matches("HTTP/1\\.[01] [1-9][0-9][0-9] [\\t\\x20-\\x7e\\x80-\\xff]*")) {
      throw new AssertionError("status line '" + head.startLine() + "'");
    }
    return Integer.parseInt(head.startLine().substring(9, 12));
  }

  private static Framing framing(String method, RawHead head) {
    int status = status(head);
    @Nullable String length = head.field("Content-Length");
    @Nullable String coding = head.field("Transfer-Encoding");
    if (length != null && (coding != null || !length.matches("[0-9]{1,9}"))) {
      throw new AssertionError("framing of " + head);
    }
    boolean tunnel = method.equals("CONNECT") && status / 100 == 2;
    if (status < 200 || status == 204 || tunnel) {
      if (length != null || coding != null) {
        throw new AssertionError("framing where there is none: " + head);
      }
      return Framing.NONE;
    }
    if (method.equals("HEAD") || status == 304) {
      return Framing.NONE;
    }
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      throw new AssertionError("transfer coding of " + head);
    }
    return coding != null ? Framing.CHUNKED : length != null ? Framing.LENGTH : Framing.CLOSE;
  }
}
