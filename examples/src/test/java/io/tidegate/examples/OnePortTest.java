package io.tidegate.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One address serves what is said to a reverse proxy, and what is said to a forward proxy. */
class OnePortTest {
  private static final String NOBODY = "192.0.2.0/24";

  private Origin application;
  private Origin elsewhere;

  @BeforeEach
  void start() {
    application = Origin.start("application", 0);
    elsewhere = Origin.start("elsewhere", 0);
  }

  @AfterEach
  void stop() {
    application.close();
    elsewhere.close();
  }

  @Test
  void originFormComesIn() throws IOException {
    try (OnePort port = port(Origin.HOST)) {
      assertEquals("application got GET /x", content(port, "GET /x HTTP/1.1\r\nHost: shop"));
    }
  }

  @Test
  void absoluteFormLeaves() throws IOException {
    String host = elsewhere.authority();
    try (OnePort port = port(Origin.HOST)) {
      assertEquals(
          "elsewhere got GET /x",
          content(port, "GET http://" + host + "/x HTTP/1.1\r\nHost: " + host));
    }
  }

  @Test
  void aTunnelLeaves() throws IOException {
    String host = elsewhere.authority();
    try (OnePort port = port(Origin.HOST);
        Socket socket = connect(port)) {
      send(socket, "CONNECT " + host + " HTTP/1.1\r\nHost: " + host);
      BufferedReader answer = reader(socket);
      assertEquals("HTTP/1.1 200 OK", answer.readLine());
      while (!answer.readLine().isEmpty()) {}
      send(socket, "GET /y HTTP/1.1\r\nHost: " + host + "\r\nConnection: close");
      assertEquals("elsewhere got GET /y", last(answer));
    }
  }

  @Test
  void theWayOutDoesNotLeadBackIn() throws IOException {
    try (OnePort port = port(Origin.HOST);
        Socket socket = connect(port)) {
      String host = Origin.HOST + ":" + port.address().getPort();
      send(socket, "GET http://" + host + "/x HTTP/1.1\r\nHost: " + host);
      String status = reader(socket).readLine();
      assertTrue(status.startsWith("HTTP/1.1 508 "), status);
    }
  }

  @Test
  void strangersHaveNoWayOut() throws IOException {
    String host = elsewhere.authority();
    try (OnePort port = port(NOBODY)) {
      assertEquals("application got GET /x", content(port, "GET /x HTTP/1.1\r\nHost: shop"));
      for (String head : List.of("GET http://" + host + "/x", "CONNECT " + host)) {
        try (Socket socket = connect(port)) {
          send(socket, head + " HTTP/1.1\r\nHost: " + host);
          String status = reader(socket).readLine();
          assertTrue(status.startsWith("HTTP/1.1 403 "), status);
        }
      }
    }
  }

  private OnePort port(String inside) {
    return new OnePort(Origin.HOST, 0, application.uri(), inside, Origin.HOST);
  }

  private static String content(OnePort port, String head) throws IOException {
    try (Socket socket = connect(port)) {
      send(socket, head + "\r\nConnection: close");
      return last(reader(socket));
    }
  }

  private static Socket connect(OnePort port) throws IOException {
    Socket socket = new Socket(Origin.HOST, port.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String head) throws IOException {
    socket.getOutputStream().write((head + "\r\n\r\n").getBytes(US_ASCII));
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  private static String last(BufferedReader answer) {
    return answer.lines().reduce("", (before, line) -> line);
  }
}
