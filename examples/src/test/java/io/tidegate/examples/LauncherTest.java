package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.Messages;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.TlsDialogue;
import io.tidegate.core.testkit.TlsFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The command line as a user meets it: what runs is a program of its own. */
@Timeout(60)
class LauncherTest {
  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # arguments                                          | exit | what the user is told
          ''                                                   | 2    | Missing required subcommand
          dance                                                | 2    | Unmatched argument at index 0: 'dance'
          reverse                                              | 2    | Missing required options: '--listen=HOST:PORT', '--to=URL'
          reverse --listen 127.0.0.1:0                         | 2    | Missing required option: '--to=URL'
          forward --listen 127.0.0.1:0 --timeout soon          | 2    | soon (expected: a number with ms, s or m)
          forward --listen 127.0.0.1:0 --anonymity none        | 2    | Invalid value for option '--anonymity': expected one of [TRANSPARENT, ANONYMOUS, HIGH] (case-insensitive) but was 'none'
          forward --listen 3128                                | 2    | tidegate: --listen: 3128 (expected: HOST:PORT)
          forward --listen 127.0.0.1:99999                     | 2    | tidegate: listen: 99999 (expected: 0 to 65535)
          forward --listen 127.0.0.1:0 --connect-port https    | 2    | tidegate: --connect-port: https (expected: a port or *)
          forward --listen 127.0.0.1:0 --cache-target X        | 2    | tidegate: --cache-target: X (expected: --cache beside it)
          forward --listen 127.0.0.1:0 --cache --cache-target X: | 2  | tidegate: field name: 'X:' (expected: a token)
          forward --listen 127.0.0.1:0 --parent http://x       | 2    | tidegate: parent parent: proxy: http://x (expected: http://, https://, socks5://
          forward --listen 127.0.0.1:0 --parent http://a:b@x:1 --parent http://a:c@y:1 | 2 | tidegate: --parent: different credentials (expected: the same in each)
          forward --listen 127.0.0.1:0 --parent http://a:b@x:1 --parent http://y:1 | 2 | tidegate: --parent: different credentials (expected: the same in each)
          forward --listen 127.0.0.1:0 --parent http://a:%zz@x:1 | 2  | tidegate: --parent: credentials (expected: percent-encoding in UTF-8 that is whole)
          forward --listen 127.0.0.1:0 --direct a              | 2    | tidegate: --direct: a (expected: --parent beside it)
          forward --listen 127.0.0.1:0 --socks 1080            | 2    | tidegate: --socks: 1080 (expected: HOST:PORT)
          forward --listen 0.0.0.0:0                           | 2    | tidegate: listen: 0.0.0.0 (expected: a loopback address
          forward --listen 127.0.0.1:0 --learn x.json          | 2    | tidegate: --learn: x.json (expected: --report-only beside it)
          forward --listen 127.0.0.1:0 --report-only --learn /nowhere/x.json | 2 | tidegate: --learn: /nowhere/x.json (expected: a file that can be written)
          forward --listen 127.0.0.1:0 --rules no-such.json    | 2    | tidegate: no-such.json: cannot be read (expected: a file in JSON)
          forward --listen 127.0.0.1:0 --user secret           | 2    | tidegate: --user: a value (expected: NAME:PASSWORD)
          forward --listen 127.0.0.1:0 --password-file none    | 2    | tidegate: authentication.passwordFile: none: cannot be read (expected: a file that can)
          forward --listen 127.0.0.1:0 --group-file none       | 2    | tidegate: authentication.groupFile: none: cannot be read (expected: a file that can)
          forward --listen 127.0.0.1:0 --tls-cert none.pem     | 2    | tidegate: proxy.listeners[0].tls.certificates[0]: none.pem: cannot be read (expected: a PEM file
          forward --listen 127.0.0.1:0 --tls-key none.key      | 2    | tidegate: --tls-key: none.key (expected: --tls-cert beside it)
          forward --listen 127.0.0.1:0 --tls-client-ca ca.pem  | 2    | tidegate: --tls-client-ca: ca.pem (expected: --tls-cert beside it)
          forward --listen 127.0.0.1:0 --tls-provider jdk      | 2    | tidegate: --tls-provider: JDK (expected: --tls-cert beside it)
          reverse --listen 127.0.0.1:0 --to http://a --http-redirect 80 | 2 | tidegate: --http-redirect: 80 (expected: --tls-cert beside it)
          reverse --listen 127.0.0.1:0 --to http://a --passthrough a=b:1 | 2 | tidegate: --passthrough: a=b:1 (expected: --tls-cert beside it)
          reverse --listen 127.0.0.1:0 --to http://a --tls-cert none.pem --passthrough a=b | 2 | tidegate: --passthrough: a=b (expected: NAME=HOST:PORT)
          reverse --listen 127.0.0.1:0 --to http://a --tls-cert none.pem --passthrough a:1 | 2 | tidegate: --passthrough: a:1 (expected: NAME=HOST:PORT)
          forward --listen 127.0.0.1:0 --proxy-protocol-from balancer | 2 | tidegate: proxyProtocol: from: address range: balancer (expected:
          forward --listen 127.0.0.1:0 --access-log none/x     | 2    | tidegate: proxy.accessLogs[0].file: none/x (expected: a file in a directory that is there)
          reverse --listen 127.0.0.1:0 --to http://a --access-log-format json | 2 | tidegate: --access-log-format: JSON (expected: --access-log beside it)
          forward --listen 127.0.0.1:0 --admin 9901            | 2    | tidegate: --admin: 9901 (expected: HOST:PORT)
          forward --listen 127.0.0.1:0 --admin 192.0.2.1:9901  | 2    | tidegate: admin: clients: none (expected: ranges, as 192.0.2.1 is no loopback address)
          forward --listen 127.0.0.1:0 --admin 127.0.0.1:0 --admin-from pod | 2 | tidegate: admin: clients: address range: pod (expected:
          forward --listen 127.0.0.1:0 --admin-from 10.0.0.0/8 | 2    | tidegate: --admin-from: 10.0.0.0/8 (expected: --admin beside it)
          forward --listen 127.0.0.1:0 --admin-token-file x    | 2    | tidegate: --admin-token-file: x (expected: --admin beside it)
          forward --listen 127.0.0.1:0 --admin 127.0.0.1:0 --admin-token-file none | 2 | tidegate: proxy.admin.token: file none (expected: a file in UTF-8 that can be read)
          run                                                  | 2    | Missing required parameter: 'FILE'
          run no-such-file.json                                | 2    | tidegate: no-such-file.json: cannot be read (expected: a file in JSON)
          reverse --listen 127.0.0.1:0 --to 127.0.0.1:9000     | 2    | tidegate: endpoint: 127.0.0.1:9000 (expected: http://host
          reverse --listen 127.0.0.1:0 --to http://a --balance dice | 2 | tidegate: cluster endpoints: loadBalancer: dice (expected: one of
          reverse --listen 127.0.0.1:0 --to https://a --upstream-ca none.pem | 2 | tidegate: clusters[0].transport.tls.trusted[0]: none.pem: cannot be read
          reverse --listen 127.0.0.1:0 --to http://a --health up    | 2 | tidegate: health check: path: up (expected: / and
          """)
  void whatCannotWorkIsSaidInOneSentence(String arguments, int exit, String told) {
    StringWriter err = new StringWriter();
    CommandLine line = Tidegate.commandLine().setErr(new PrintWriter(err, true));
    assertEquals(exit, line.execute(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
    String first = err.toString().lines().findFirst().orElse("");
    assertTrue(first.contains(told), err.toString());
    assertFalse(err.toString().contains("\tat "), "a stack trace");
  }

  @Test
  void reverseTellsWhereItListensAndServesUntilItIsTerminated() throws Exception {
    try (Origin origin = Origin.start("origin", 0);
        Program program = new Program("reverse", "--listen", "127.0.0.1:0", "--to", origin.uri())) {
      Matcher line =
          Pattern.compile("tidegate: reverse proxy listens on (127\\.0\\.0\\.1:\\d+)")
              .matcher(program.out.readLine());
      assertTrue(line.matches());
      assertEquals("origin got GET /x\n", get("http://" + line.group(1) + "/x"));
      program.process.toHandle().destroy(); // unlike Process.destroy, it leaves the output readable
      assertEquals(143, program.exit(), "128 + SIGTERM");
      assertEquals(null, program.out.readLine(), "one line and no more");
    }
  }

  @Test
  void anAccessLogGoesToStandardOutputOrAFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("access.log");
    try (Origin origin = Origin.start("origin", 0)) {
      for (String log : List.of("-", file.toString())) {
        try (Program program =
            new Program(
                "reverse",
                "--listen",
                "127.0.0.1:0",
                "--to",
                origin.uri(),
                "--access-log",
                log,
                "--access-log-format",
                "clf")) {
          String listens = program.out.readLine();
          get("http://" + listens.substring(listens.lastIndexOf(' ') + 1) + "/x");
          program.process.toHandle().destroy();
          program.exit();
          String line = log.equals("-") ? program.out.readLine() : Files.readString(file).strip();
          assertTrue(
              line.matches("127\\.0\\.0\\.1 - - \\[.*\\] \"GET /x HTTP/1.1\" 200 \\d+"), line);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reverse --to http://127.0.0.1:1", "forward"})
  void theAdminPageIsPrintedWithItsToken(String command) throws Exception {
    String options = " --listen 127.0.0.1:0 --admin 127.0.0.1:0";
    try (Program program = new Program((command + options).split(" "))) {
      program.address();
      Matcher line =
          Pattern.compile("tidegate: admin page at (http://127\\.0\\.0\\.1:\\d+/)#token=(\\S{32})")
              .matcher(program.out.readLine());
      assertTrue(line.matches());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(line.group(1) + "v1/overview"))
              .header("Authorization", "Bearer " + line.group(2))
              .build();
      HttpResponse<String> overview =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertEquals(200, overview.statusCode(), overview.body());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--admin-from 192.0.2.7 --admin-from 127.0.0.0/8, '200, without a token 401'",
    "--admin-from 192.0.2.7, nothing"
  })
  void theAdminListenerBeyondThisMachineAnswersWhoIsNamed(String from, String answers)
      throws Exception {
    String options = "forward --listen 127.0.0.1:0 --admin 0.0.0.0:0 " + from;
    try (Program program = new Program(options.split(" "))) {
      program.address();
      String page = program.out.readLine();
      assertEquals(answers, answers(page.replaceAll(".*:(\\d+)/#token=.*", "http://127.0.0.1:$1")));
    }
  }

  private static String answers(String admin) throws InterruptedException {
    try {
      return status(admin + "/health") + ", without a token " + status(admin + "/v1/overview");
    } catch (IOException e) {
      return "nothing";
    }
  }

  private static int status(String uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void librariesDoNotTellTheirVersions() throws Exception {
    String options = "forward --listen 127.0.0.1:0 --admin 127.0.0.1:0";
    try (Program program = new Program(options.split(" "))) {
      assertTrue(program.out.readLine().startsWith("tidegate: forward proxy listens on "));
      program.process.toHandle().destroy();
      assertEquals(
          List.of(),
          program.lastErrors().stream().filter(line -> line.startsWith("INFO")).toList());
    }
  }

  @Test
  void aLevelThatIsChangedShowsOnStandardError() throws Exception {
    String options =
        "forward --listen 127.0.0.1:0 --admin 127.0.0.1:0 --proxy-protocol-from 127.0.0.0/8";
    try (Program program = new Program(options.split(" "))) {
      InetSocketAddress proxy = program.address();
      String[] page = program.out.readLine().split("[ #=]");
      callUnannounced(proxy);
      HttpRequest change =
          HttpRequest.newBuilder(URI.create(page[page.length - 3] + "v1/loggers"))
              .header("Authorization", "Bearer " + page[page.length - 1])
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"name\": \"io.tidegate\", \"level\": \"debug\"}"))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      assertEquals(200, client.send(change, BodyHandlers.discarding()).statusCode());
      callUnannounced(proxy);
      String line;
      do {
        line = program.error();
        assertFalse(line.startsWith("INFO"), line);
      } while (!line.matches("[A-Z]+: a connection of \\S*127\\.0\\.0\\.1:\\d+ was closed: .*"));
      program.process.toHandle().destroy();
      long others =
          program.lastErrors().stream().filter(other -> other.contains("was closed")).count();
      assertEquals(0, others, "the first call is not told of");
    }
  }

  /** Connects, does not say on whose behalf, and is turned away. */
  private static void callUnannounced(InetSocketAddress proxy) throws IOException {
    try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reverse --to http://127.0.0.1:1", "forward"})
  void whatIsMeasuredIsReadWithoutAToken(String command) throws Exception {
    String options = " --listen 127.0.0.1:0 --metrics --admin 127.0.0.1:0";
    try (Program program = new Program((command + options).split(" "))) {
      program.address();
      assertTrue(program.out.readLine().startsWith("tidegate: admin page at "));
      String line = program.out.readLine();
      String start = "tidegate: metrics at ";
      assertTrue(line.startsWith(start), line);
      String text = get(line.substring(start.length()));
      assertTrue(text.contains("# TYPE tidegate_"), text);
    }
  }

  @Test
  void runTellsWhereTheAdminPageIsAndReloadsNothingThatHasNotChanged(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("config.json");
    String admin = "\"admin\": {\"port\": 0, \"withoutToken\": true}";
    String written =
        "{\"forward\": {\"proxy\": {\"listeners\": [{\"port\": 0}], %s, \"viaName\": \"%s\"}}}";
    Files.writeString(file, written.formatted(admin, "a"));
    try (Program program = new Program("run", file.toString(), "--metrics")) {
      program.address();
      String page = program.out.readLine();
      assertTrue(page.matches("tidegate: admin page at http://127\\.0\\.0\\.1:\\d+/"), page);
      assertTrue(program.out.readLine().endsWith("/metrics"));
      Files.writeString(file, written.formatted("\"admin\": null", "b"));
      assertEquals(
          "tidegate: forward proxy stays as it was: $.forward.proxy.admin: other settings (expected: those that"
              + " the proxy was built with)",
          program.told());
      Files.writeString(file, written.formatted(admin, "b"));
      assertEquals("tidegate: forward proxy goes by the file as it is now", program.told());
    }
  }

  @Test
  void oneAdminListenerTellsWhatAllProxiesHaveDone(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(
        file,
        """
        {
          "reverse": {
            "proxy": {
              "listeners": [{"host": "127.0.0.1"}],
              "admin": {"port": 0, "withoutToken": true, "openMetrics": true}
            }
          },
          "forward": {
            "proxy": {"listeners": [{"host": "127.0.0.1"}]},
            "allowPrivateDestinations": true
          }
        }
        """);
    try (Origin origin = Origin.start("origin", 0);
        Program program = new Program("run", file.toString(), "--metrics")) {
      int reverse = program.address().getPort();
      program.out.readLine(); // the admin page
      String metrics = program.out.readLine();
      metrics = metrics.substring(metrics.lastIndexOf(' ') + 1);
      assertEquals("origin got GET /\n", getThrough(program.address(), false, origin.uri()));
      get("http://127.0.0.1:" + reverse + "/");
      for (String what : List.of("forward", "reverse")) {
        Pattern one =
            Pattern.compile(
                "http_server_request_duration_seconds_count\\{.*proxy=\""
                    + what
                    + "\".*} 1(\\.0)?");
        String at = metrics;
        Eventually.holds(() -> get(at).lines().filter(one.asMatchPredicate()).count() == 1);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"reverse --to %s", "forward --allow-private"})
  void bothSpeakTls(String command, @TempDir Path directory) throws Exception {
    TlsFiles files = new TlsFiles(directory);
    String options =
        " --listen 127.0.0.1:0 --tls-cert %s --tls-key %s --tls-client-ca %s --tls-provider jdk"
            .formatted(files.file("chain.pem"), files.file("leaf.key"), files.file("ca.pem"));
    try (Origin origin = Origin.start("origin", 0);
        Program program = new Program((command.formatted(origin.uri()) + options).split(" "));
        RawClient client =
            RawClient.connectTls(program.address().getPort(), files.client("client"))) {
      String target = command.startsWith("forward") ? origin.uri() + "/x" : "/x";
      String host = URI.create(origin.uri()).getAuthority();
      assertEquals("origin got GET /x\n", client.exchange(Messages.get(target, host)).text());
    }
  }

  @Test
  void reverseSendsWhoComesWithoutTlsToHttps(@TempDir Path directory) throws Exception {
    TlsFiles files = new TlsFiles(directory);
    String options =
        "reverse --to http://127.0.0.1:1 --listen 127.0.0.1:0 --tls-cert %s --http-redirect 0"
            .formatted(files.file("both.pem"));
    try (Program program = new Program(options.split(" "))) {
      RawResponse answer =
          RawClient.ask(program.address().getPort(), Messages.get("/x?y", "both.test:81"));
      assertEquals(308, answer.status());
      assertEquals("https://both.test/x?y", answer.field("Location"));
    }
  }

  @Test
  void reversePassesOnTlsForTheNamesThatItIsTold(@TempDir Path directory) throws Exception {
    TlsFiles files = new TlsFiles(directory);
    String options =
        "reverse --to http://127.0.0.1:1 --listen 127.0.0.1:0 --tls-cert %s --passthrough db.test=%s";
    try (OriginServer server = TlsExamplesTest.secureOrigin("the database");
        Program program =
            new Program(options.formatted(files.file("both.pem"), server.authority()).split(" "))) {
      int port = program.address().getPort();
      assertEquals(
          "the database", TlsExamplesTest.getOverTls(port, "db.test", TlsDialogue.trustful()));
    }
  }

  @Test
  void reverseBelievesTheBalancersThatItIsTold(@TempDir Path directory) throws Exception {
    String line = "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n";
    String options = "reverse --to %s --listen 127.0.0.1:0 --proxy-protocol-from 127.0.0.0/8";
    try (OriginServer origin = OriginServer.start();
        Program program =
            new Program(options.formatted("http://" + origin.authority()).split(" "))) {
      RawClient.ask(program.address().getPort(), line + Messages.get("/", "a.test"));
      assertEquals("192.0.2.1", origin.lastRequest().field("X-Forwarded-For"));
    }
    Path certificate = new TlsFiles(directory).file("both.pem");
    options = options.formatted("http://127.0.0.1:1") + " --http-redirect 0 --tls-cert ";
    try (Program program = new Program((options + certificate).split(" "))) {
      int redirecting = program.address().getPort(); // the one that is named last
      assertEquals(308, RawClient.ask(redirecting, line + Messages.get("/", "a.test")).status());
    }
  }

  @Test
  void theHelpOfReverseNamesTheLoadBalancers() {
    StringWriter out = new StringWriter();
    Tidegate.commandLine().setOut(new PrintWriter(out, true)).execute("reverse", "--help");
    String help = out.toString().replaceAll("\\s+", " ");
    assertTrue(
        help.contains(
            "How to balance: consistent-hash, least-load, least-requests, power-of-two-choices,"
                + " random, round-robin; power-of-two-choices by default."),
        help);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reverse", "forward"})
  void thePageOfEachDirectionNamesItsOptions(String command) throws Exception {
    String page = Files.readString(Path.of("..", "docs", command + ".md"));
    CommandLine described = Tidegate.commandLine().getSubcommands().get(command);
    for (OptionSpec option : described.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        assertTrue(page.contains("`" + option.longestName()), option.longestName());
      }
    }
  }

  @Test
  void reverseBalancesAsItIsTold() throws Exception {
    try (Origin a = Origin.start("a", 0);
        Origin b = Origin.start("b", 0);
        Program program =
            new Program(
                ("reverse --listen 127.0.0.1:0 --balance round-robin --to %s --to %s")
                    .formatted(a.uri(), b.uri())
                    .split(" "))) {
      String uri = "http://127.0.0.1:" + program.address().getPort() + "/x";
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(get(uri).substring(0, 1));
      }
      assertTrue(
          List.of("abab", "baba").contains(String.join("", answers)), () -> "turns: " + answers);
    }
  }

  @Test
  void reverseLeavesOutAnEndpointWhoseHealthCheckFails() throws Exception {
    HttpServer ill = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    CountDownLatch asked = new CountDownLatch(1);
    ill.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
          asked.countDown();
        });
    ill.start();
    String illUri = "http://127.0.0.1:" + ill.getAddress().getPort();
    String options =
        "reverse --listen 127.0.0.1:0 --balance round-robin --health /up --to %s --to ";
    try (Origin well = Origin.start("well", 0);
        Program program = new Program((options.formatted(illUri) + well.uri()).split(" "))) {
      String uri = "http://127.0.0.1:" + program.address().getPort() + "/x";
      assertTrue(asked.await(30, TimeUnit.SECONDS));
      for (int i = 0; i < 4; i++) {
        assertEquals("well got GET /x\n", get(uri));
      }
    } finally {
      ill.stop(0);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"reverse --to %s", "forward --allow-private"})
  void theCacheObeysTheFieldsThatItIsTheTargetOf(String command) throws Exception {
    Map<String, String> fields = Map.of("Cache-Control", "no-store", "Edge-Control", "max-age=600");
    try (CountingOrigin origin = new CountingOrigin(fields);
        Program program = new Program(arguments(command, origin))) {
      InetSocketAddress proxy = program.address();
      boolean reverse = command.startsWith("reverse");
      assertEquals("answer 1", getThrough(proxy, reverse, origin.uri()));
      assertEquals("answer 1", getThrough(proxy, reverse, origin.uri()));
    }
  }

  @Test
  void forwardServesItsUsersOnly(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("users");
    Files.writeString(
        file, "bob:$2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS\n"); // secret
    String options =
        "forward --listen 127.0.0.1:0 --allow-private --user alice:a:b --password-file ";
    try (CountingOrigin origin = new CountingOrigin(Map.of());
        Program program = new Program((options + file).split(" "))) {
      InetSocketAddress proxy = program.address();
      assertEquals(407, statusThrough(proxy, origin.uri(), "alice:a"));
      assertEquals(200, statusThrough(proxy, origin.uri(), "alice:a:b"));
      assertEquals(200, statusThrough(proxy, origin.uri(), "bob:secret"));
    }
  }

  private static int statusThrough(InetSocketAddress proxy, String uri, String credentials)
      throws Exception {
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    HttpClient client = HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .setHeader("Proxy-Authorization", "Basic " + encoded)
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void forwardTellsUpstreamsAsMuchAsItIsTold() throws Exception {
    try (OriginServer origin = OriginServer.start();
        Program program =
            new Program(
                "forward --listen 127.0.0.1:0 --allow-private --anonymity high".split(" "))) {
      getThrough(program.address(), false, "http://" + origin.authority());
      assertEquals(null, origin.lastRequest().field("Via"));
    }
  }

  @Test
  void forwardShowsParentsTheCredentialsInTheirUrls() throws Exception {
    try (OriginServer parent = OriginServer.start();
        Program program =
            new Program(
                "forward",
                "--listen",
                "127.0.0.1:0",
                "--parent",
                "http://us%40corp:p+%3A%C3%A4:@" + parent.authority())) {
      getThrough(program.address(), false, "http://a.invalid");
      String shown =
          Base64.getEncoder().encodeToString("us@corp:p+:ä:".getBytes(StandardCharsets.UTF_8));
      assertEquals("Basic " + shown, parent.lastRequest().field("Proxy-Authorization"));
    }
  }

  @Test
  void forwardGoesStraightWhereItIsTold() throws Exception {
    try (Origin origin = Origin.start("origin", 0);
        OriginServer parent = OriginServer.start();
        Program program =
            new Program(
                "forward",
                "--listen",
                "127.0.0.1:0",
                "--allow-private",
                "--direct",
                "127.0.0.1",
                "--parent",
                "http://" + parent.authority())) {
      InetSocketAddress proxy = program.address();
      assertEquals("origin got GET /\n", getThrough(proxy, false, origin.uri()));
      assertEquals("ok", getThrough(proxy, false, "http://a.invalid"));
    }
  }

  @Test
  void theScriptForBrowsersTellsOfSocksToo() throws Exception {
    try (Program program = new Program("forward", "--listen", "127.0.0.1:0", "--socks", "--pac")) {
      String at = "127.0.0.1:" + program.address().getPort();
      URI page = URI.create("http://" + at + "/proxy.pac");
      String script =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
              .body();
      assertTrue(script.contains("\"PROXY " + at + "; SOCKS5 " + at + "\""), script);
    }
  }

  @Test
  void runServesWhatAFileDescribes(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(
        file,
        "{\"forward\": {\"allowPrivateDestinations\": true, \"proxy\": {\"listeners\": [{}],"
            + " \"cache\": {}}}}");
    try (CountingOrigin origin = new CountingOrigin(Map.of("Cache-Control", "max-age=600"));
        Program program = new Program("run", file.toString())) {
      InetSocketAddress proxy = program.address();
      assertEquals("answer 1", getThrough(proxy, false, origin.uri()));
      assertEquals("answer 1", getThrough(proxy, false, origin.uri()));
    }
  }

  @Test
  void aProxyThatIsAddedToTheFileLaterIsToldOfOnce(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    String written =
        "{\"forward\": {\"proxy\": {\"listeners\": [{\"port\": 0}], \"viaName\": \"%s\"}}%s}";
    String added = ", \"reverse\": {\"proxy\": {\"listeners\": [{\"port\": 0}]}}";
    Files.writeString(file, written.formatted("a", ""));
    try (Program program = new Program("run", file.toString())) {
      program.address();
      String told = "tidegate: reverse proxy is in the file now, and not run before a restart";
      String followed = "tidegate: forward proxy goes by the file as it is now";
      List<String> lines = new ArrayList<>();
      for (String rest : List.of(added, added, "", added)) {
        Files.writeString(file, written.formatted("b" + lines.size(), rest));
        do {
          lines.add(program.told());
        } while (!followed.equals(lines.get(lines.size() - 1)));
      }
      assertEquals(List.of(told, followed, followed, followed, told, followed), lines);
    }
  }

  @Test
  void sighupBeginsTheAccessLogAnewAndEndsNothing(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("access.log");
    Path moved = directory.resolve("access.log.1");
    try (Origin origin = Origin.start("origin", 0);
        Program program =
            new Program(
                "reverse",
                "--listen",
                "127.0.0.1:0",
                "--to",
                origin.uri(),
                "--access-log",
                file.toString())) {
      String uri = "http://127.0.0.1:" + program.address().getPort() + "/";
      get(uri);
      Eventually.holds(() -> Files.exists(file) && Files.size(file) > 0);
      Files.move(file, moved);
      for (int i = 0; i < 2; i++) {
        program.hangUp();
        assertEquals(
            "tidegate: reverse proxy has opened its logs and certificates anew", program.told());
      }
      Eventually.holds(() -> Files.exists(file));
      assertEquals("origin got GET /\n", get(uri));
    }
  }

  @Test
  void sighupHasTheFileOfSettingsReadAgain(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    String written = "{\"forward\": {\"proxy\": {\"listeners\": [{\"port\": 0}], %s}}}";
    Files.writeString(file, written.formatted("\"viaName\": \"a\""));
    try (Program program = new Program("run", file.toString(), "--no-watch")) {
      program.address();
      String renewed = "tidegate: forward proxy has opened its logs and certificates anew";
      Files.writeString(file, written.formatted("\"viaName\": \"b\""));
      program.hangUp();
      assertEquals("tidegate: forward proxy goes by the file as it is now", program.told());
      assertEquals(renewed, program.told());
      Files.writeString(file, written.formatted("\"viaName\": 1"));
      program.hangUp();
      String stays = "tidegate: forward proxy stays as it was: ";
      String told = program.told();
      assertTrue(told.startsWith(stays + "$.forward.proxy.viaName: "), told);
      assertEquals(renewed, program.told());
      Files.writeString(file, written.formatted("\"ioThreads\": 7"));
      program.hangUp();
      told = program.told();
      assertTrue(told.startsWith(stays + "$.forward.proxy.ioThreads: "), told);
      assertEquals(renewed, program.told());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"backward": {}}                   | $: backward (expected: reverse, forward or both)
          {}                                 | $: nothing (expected: reverse, forward or both)
          {"reverse": {"routes": {}, "proxy": {"listeners": [{}]}}}        | $.reverse.routes: an object (expected: a list)
          {"reverse": {"routes": [{"cluster": "a"}], "proxy": {"listeners": [{}]}}} | $.reverse.routes[0].cluster: a (expected: a declared one)
          {"forward": {"rules": 1, "proxy": {"listeners": [{}]}}} | $.forward.rules: a number (expected: a list)
          {"forward": {"proxy": {"listeners": [{}], "ioThreads": -1}}} | $.forward.proxy.ioThreads: -1 (expected: 0 to 1024)
          {"forward": {"proxy": {"listeners": []}}} | $.forward.proxy.listeners: 0 (expected: >= 1)
          {"forward": {}}                    | $.forward.proxy.listeners: missing (expected: a list of where to listen, [{"host": "127.0.0.1", "port": 8080}])
          {"reverse": {"proxy": {"ioThreads": 1}}} | $.reverse.proxy.listeners: missing (expected: a list of where to listen, [{"host": "127.0.0.1", "port": 8080}])
          """)
  void whatIsWrongWithAFileIsSaidWithItsPath(String json, String told, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(file, json);
    StringWriter err = new StringWriter();
    CommandLine line = Tidegate.commandLine().setErr(new PrintWriter(err, true));
    assertEquals(2, line.execute("run", file.toString()));
    assertEquals("tidegate: " + told, err.toString().strip());
  }

  @Test
  void everythingWrongWithBothProxiesIsSaidAtOnce(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(
        file,
        "{\"forward\": {\"rules\": 1, \"proxy\": {\"listeners\": [{}]}}, \"reverse\": {\"routes\": 2},"
            + " \"x\": 3}");
    StringWriter err = new StringWriter();
    CommandLine line = Tidegate.commandLine().setErr(new PrintWriter(err, true));
    assertEquals(2, line.execute("run", file.toString()));
    assertEquals(
        List.of(
            "tidegate: $: x (expected: reverse, forward or both)",
            "tidegate: $.reverse.proxy.listeners: missing (expected: a list of where to listen,"
                + " [{\"host\": \"127.0.0.1\", \"port\": 8080}])",
            "tidegate: $.reverse.routes: a number (expected: a list)",
            "tidegate: $.forward.rules: a number (expected: a list)"),
        err.toString().lines().toList());
  }

  @Test
  void everythingWrongWithTheFilesThatBothProxiesNameIsSaidAtOnceWithItsPath(
      @TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(
        file,
        """
        {
          "reverse": {
            "proxy": {
              "listeners": [
                {"host": "127.0.0.1"},
                {"host": "127.0.0.1", "tls": {"certificates": ["/nowhere/gate.pem"]}}
              ],
              "upstream": {"tls": {"trusted": ["/nowhere/ca.pem"]}},
              "accessLogs": [{"file": "/nowhere/access.log"}],
              "admin": {"port": 0, "token": {"file": "/nowhere/token"}}
            },
            "clusters": [
              {
                "name": "a",
                "endpoints": ["http://127.0.0.1:1"],
                "balance": {"affinity": {"cookie": "c", "key": {"env": "TIDEGATE_NOWHERE"}}}
              }
            ],
            "routes": [{"cluster": "a"}]
          },
          "forward": {
            "proxy": {"listeners": [{"port": 0}]},
            "authentication": {"passwordFile": "/nowhere/users"}
          }
        }
        """);
    StringWriter err = new StringWriter();
    CommandLine line = Tidegate.commandLine().setErr(new PrintWriter(err, true));
    assertEquals(2, line.execute("run", file.toString()));
    assertEquals(
        List.of(
            "tidegate: $.reverse.proxy.upstream.tls.trusted[0]: /nowhere/ca.pem: cannot be read"
                + " (expected: a PEM file with certificates, or PKCS#12 with its password)",
            "tidegate: $.reverse.proxy.admin.token: file /nowhere/token (expected: a file in UTF-8"
                + " that can be read)",
            "tidegate: $.reverse.proxy.accessLogs[0].file: /nowhere/access.log (expected: a file in"
                + " a directory that is there)",
            "tidegate: $.reverse.clusters[0].balance.affinity.key: environment variable"
                + " TIDEGATE_NOWHERE (expected: an environment variable that is set)",
            "tidegate: $.reverse.proxy.listeners[1].tls.certificates[0]: /nowhere/gate.pem: cannot"
                + " be read (expected: a PEM file with a certificate, or PKCS#12 with one and its"
                + " key)",
            "tidegate: $.forward.authentication.passwordFile: /nowhere/users: cannot be read"
                + " (expected: a file that can)"),
        err.toString().lines().toList());
  }

  @Test
  void aFileIsCheckedWithoutRunningWhatItDescribes(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    String written =
        "{\"forward\": {\"proxy\": {\"listeners\": [{\"port\": %d}]}, \"rules\": [%s]}}";
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Files.writeString(file, written.formatted(taken.getLocalPort(), ""));
      try (Program program = new Program("run", "--check", file.toString())) {
        assertEquals("tidegate: nothing is wrong with " + file, program.out.readLine());
        assertEquals(null, program.out.readLine());
        assertEquals(0, program.exit());
      }
      Files.writeString(file, written.formatted(taken.getLocalPort(), "7"));
      StringWriter err = new StringWriter();
      CommandLine line = Tidegate.commandLine().setErr(new PrintWriter(err, true));
      assertEquals(2, line.execute("run", "--check", file.toString()));
      assertEquals(
          "tidegate: $.forward.rules[0]: a number (expected: an object)", err.toString().strip());
    }
  }

  @Test
  void aFileMayDescribeBothProxies(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("config.json");
    try (Origin origin = Origin.start("origin", 0)) {
      Files.writeString(
          file,
          """
          {
            "$schema": "tidegate.schema.json",
            "reverse": {
              "proxy": {"listeners": [{"host": "127.0.0.1"}]},
              "clusters": [{"name": "app", "endpoints": ["%s"]}],
              "routes": [{"cluster": "app"}]
            },
            "forward": {
              "proxy": {"listeners": [{"host": "127.0.0.1"}]},
              "allowPrivateDestinations": true
            }
          }
          """
              .formatted(origin.uri()));
      try (Program program = new Program("run", file.toString())) {
        assertEquals(
            "origin got GET /\n", get("http://127.0.0.1:" + program.address().getPort() + "/"));
        assertEquals("origin got GET /\n", getThrough(program.address(), false, origin.uri()));
      }
    }
  }

  @Test
  void rulesThatWereLearnedLetPassWhatWasAskedForAndNothingElse(@TempDir Path directory)
      throws Exception {
    Path rules = directory.resolve("rules.json");
    String options = "forward --listen 127.0.0.1:0 --allow-private";
    try (Origin origin = Origin.start("origin", 0)) {
      String learn = options + " --report-only --learn " + rules;
      try (Program program = new Program(learn.split(" "))) {
        assertEquals("origin got GET /\n", getThrough(program.address(), false, origin.uri()));
        program.process.toHandle().destroy();
        program.exit();
      }
      try (Program program = new Program((options + " --rules " + rules).split(" "))) {
        InetSocketAddress proxy = program.address();
        assertEquals("origin got GET /\n", getThrough(proxy, false, origin.uri()));
        String other = origin.uri().replace("127.0.0.1", "127.0.0.2");
        assertEquals(
            "403 Forbidden: the rules of this proxy do not allow this\n",
            getThrough(proxy, false, other));
      }
    }
  }

  private static String[] arguments(String command, CountingOrigin origin) {
    String options = " --listen 127.0.0.1:0 --cache --cache-target Edge-Control";
    return (command.formatted(origin.uri()) + options).split(" ");
  }

  @Test
  void demoShowsBothDirectionsAndEnds() throws Exception {
    try (Program program = new Program("demo", "--exit")) {
      List<String> tour = program.out.lines().map(LauncherTest::withoutPorts).toList();
      assertEquals(0, program.exit());
      assertEquals(
          """
          GET /hello 200 server a got GET /hello
          GET /hello 200 server b got GET /hello
          GET /hello 200 server a got GET /hello
          POST /orders 200 server b got POST /orders, 9 octets
          -- server b stops: the proxy turns to the other one --
          GET /hello 200 server a got GET /hello
          GET /hello 200 server a got GET /hello
          -- server b is back --
          GET https://127.0.0.1:PORT/hello 200 server a got GET /hello
          HTTP_2
          GET http://127.0.0.1:PORT/hello 200 server a got GET /hello
          CONNECT 127.0.0.1:PORT 200 a tunnel
          GET /hello, in the tunnel 200 server a got GET /hello
          GET http://169.254.169.254/ 403 the address of the destination is cloud metadata
          Proxy-Status: demo-forward; error=destination_ip_prohibited
          GET http://10.0.0.1/ 403 the address of the destination is private
          Proxy-Status: demo-forward; error=destination_ip_prohibited
          CONNECT 127.0.0.1:PORT 403 CONNECT to this port is not allowed
          Proxy-Status: demo-forward; error=http_request_denied
          """
              .lines()
              .toList(),
          tour.stream()
              .filter(line -> line.matches("(GET|POST|CONNECT|--|Proxy-Status|HTTP_).*"))
              .toList());
    }
  }

  private static String withoutPorts(String line) {
    return line.strip().replaceAll(" +", " ").replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT");
  }

  private static String getThrough(InetSocketAddress proxy, boolean reverse, String uri)
      throws IOException, InterruptedException {
    if (reverse) {
      return get("http://127.0.0.1:" + proxy.getPort() + "/");
    }
    HttpClient client = HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri + "/")).timeout(Duration.ofSeconds(20)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static String get(String uri) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(20)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  /** The launcher, run like the jar but from the classes of this build. */
  private static final class Program implements AutoCloseable {
    final Process process;
    final BufferedReader out;
    private final BlockingQueue<String> errors = new LinkedBlockingQueue<>();
    private final Thread reading;

    Program(String... arguments) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-ea",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Tidegate.class.getName()));
      command.addAll(List.of(arguments));
      if (ignoresHangups()) {
        command.addAll(0, List.of("env", "--default-signal=HUP"));
      }
      process = new ProcessBuilder(command).start();
      out = process.inputReader(StandardCharsets.UTF_8);
      reading = new Thread(this::readErrors, "standard error");
      reading.setDaemon(true);
      reading.start();
    }

    /** Whether these tests run under nohup, which programs that they start would inherit. */
    private static boolean ignoresHangups() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.isReadable(status)) {
        return false;
      }
      try (Stream<String> lines = Files.lines(status)) {
        return lines
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
      }
    }

    private void readErrors() {
      try (Stream<String> lines = process.errorReader(StandardCharsets.UTF_8).lines()) {
        lines.forEach(errors::add);
      } catch (UncheckedIOException e) {
        // the program was ended, and the test with it
      }
    }

    /** The next line on standard error; it has half a minute to come. */
    String error() throws InterruptedException {
      return Objects.requireNonNull(errors.poll(30, TimeUnit.SECONDS), "nothing is told");
    }

    /** The next line of its own on standard error, where loggers write too. */
    String told() throws InterruptedException {
      String line;
      do {
        line = error();
      } while (!line.startsWith("tidegate: "));
      return line;
    }

    /** All that is left of standard error, once it has been ended. */
    List<String> lastErrors() throws InterruptedException {
      exit();
      reading.join(30_000);
      return List.copyOf(errors);
    }

    /** Where it says that it listens. */
    InetSocketAddress address() throws IOException {
      String line = out.readLine();
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      return new InetSocketAddress("127.0.0.1", port);
    }

    void hangUp() throws Exception {
      Process kill = new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start();
      assertEquals(0, kill.waitFor());
    }

    int exit() throws InterruptedException {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
