package io.tidegate.reverse;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.core.Proxy;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long it takes from the start of a JVM to the first octet of the first response through a
 * reverse proxy in it: as it is, and with an archive of the classes that a run before has loaded
 * (application class data sharing). On an idle machine, with the launcher's jar on the class path:
 *
 * <pre>{@code
 * java -cp examples/target/tidegate.jar:proxy-reverse/target/test-classes \
 *     io.tidegate.reverse.StartUpBenchmark
 * }</pre>
 */
final class StartUpBenchmark {
  private static final int RUNS = 21;

  private final String classPath;
  private final int port;

  private StartUpBenchmark(String classPath, int port) {
    this.classPath = classPath;
    this.port = port;
  }

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
    Path directory = Files.createTempDirectory("start-up");
    Path archive = directory.resolve("program.jsa");
    StartUpBenchmark program =
        new StartUpBenchmark(classPath(directory), server.getAddress().getPort());
    program.measure("as it is", "-Xshare:auto");
    program.run("-XX:ArchiveClassesAtExit=" + archive);
    program.measure("with an archive", "-XX:SharedArchiveFile=" + archive);
    server.stop(0);
  }

  /** Only jars can be archived: this class comes from one, too. */
  private static String classPath(Path directory) throws IOException {
    Path jar = directory.resolve("program.jar");
    String name = StartUpBenchmark.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        InputStream in = StartUpBenchmark.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
    }
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(part -> Files.isRegularFile(Path.of(part)))
        .collect(Collectors.joining(File.pathSeparator, "", File.pathSeparator + jar));
  }

  private void measure(String how, String option) throws IOException, InterruptedException {
    long[] millis = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      millis[i] = run(option);
    }
    Arrays.sort(millis);
    System.out.printf(
        "Java %s, %s: median %d ms, least %d ms, most %d ms of %d%n",
        Runtime.version().feature(), how, millis[RUNS / 2], millis[0], millis[RUNS - 1], RUNS);
  }

  private long run(String option) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder program =
        new ProcessBuilder(
            List.of(
                java,
                option,
                "-cp",
                classPath,
                StartUpBenchmark.class.getName(),
                String.valueOf(port)));
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
      process.destroy();
      process.waitFor();
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
