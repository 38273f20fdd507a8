package io.tidegate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that nobody may connect to, on one address or on all of this machine. */
final class SilentListener implements AutoCloseable {
  private final ServerSocket socket;

  private SilentListener(ServerSocket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) Peer.PATIENCE.toMillis());
  }

  static SilentListener everywhere() throws IOException {
    return new SilentListener(new ServerSocket(0, 1000));
  }

  static SilentListener at(String address, int port) throws IOException {
    return new SilentListener(new ServerSocket(port, 1000, Sample.ip(address)));
  }

  int port() {
    return socket.getLocalPort();
  }

  /**
   * Connects once itself, and fails unless that is the first connection there is: earlier ones
   * would be accepted before it.
   */
  void assertSilent() throws IOException {
    InetAddress bound = socket.getInetAddress();
    InetAddress address = bound.isAnyLocalAddress() ? Sample.ip("127.0.0.1") : bound;
    try (Socket control = new Socket(address, port())) {
      control.getOutputStream().write("control\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("control", firstLine());
    }
  }

  /** Fails unless a client of a proxy on {@code proxyPort} gets here with what it sends. */
  void assertReachedThrough(int proxyPort, String request) throws IOException {
    try (RawClient client = RawClient.connect(proxyPort)) {
      client.send(request);
      assertEquals(request.substring(0, 4), firstLine().substring(0, 4));
    }
  }

  private String firstLine() throws IOException {
    try (Socket accepted = socket.accept()) {
      return new BufferedReader(
              new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1))
          .readLine();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
