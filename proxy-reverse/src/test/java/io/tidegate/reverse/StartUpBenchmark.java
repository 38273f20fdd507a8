package io.tidegate.reverse;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.core.Proxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How long it takes from the start of a JVM to the first octet of the first response through a
 * reverse proxy in it. On an idle machine, with the launcher's jar on the class path:
 *
 * <pre>{@code
 * java -cp examples/target/tidegate.jar:proxy-reverse/target/test-classes \
 *     io.tidegate.reverse.StartUpBenchmark
 * }</pre>
 */
final class StartUpBenchmark {
  private static final int RUNS = 21;

  private StartUpBenchmark() {}

  /** Without arguments, measures; with the port of a server, is what is measured. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      measure();
    } else {
      serve(arguments[0]);
    }
  }

  private static void measure() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    long[] millis = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      millis[i] = run(server.getAddress().getPort());
    }
    server.stop(0);
    Arrays.sort(millis);
    System.out.printf(
        "Java %s: median %d ms, least %d ms, most %d ms of %d%n",
        Runtime.version().feature(), millis[RUNS / 2], millis[0], millis[RUNS - 1], RUNS);
  }

  private static long run(int port) throws IOException, InterruptedException {
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            StartUpBenchmark.class.getName(),
            String.valueOf(port));
    long began = System.nanoTime();
    Process process = program.redirectError(Redirect.DISCARD).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      if (lines.readLine() == null) {
        throw new IOException("the program has ended with " + process.waitFor());
      }
      return (System.nanoTime() - began) / 1_000_000;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void serve(String port) throws IOException {
    Proxy proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("app", cluster -> cluster.endpoint("http://127.0.0.1:" + port))
            .route("/**", "app")
            .start();
    try (Socket client = new Socket("127.0.0.1", proxy.address().getPort())) {
      client
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: app\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      System.out.println(client.getInputStream().read());
    }
  }
}
