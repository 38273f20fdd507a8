package io.tidegate.core.admin;

import io.tidegate.core.admin.Gate.Refusal;
import io.tidegate.core.json.JsonText;
import io.tidegate.core.spi.InvalidSettingsException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** Answers the requests of the admin listener: asks the gate, finds the resource, writes JSON. */
final class AdminHandler implements HttpHandler {
  private static final int ANSWER_SECONDS = 5;
  private static final System.Logger LOG = System.getLogger(AdminHandler.class.getName());
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final Set<String> PROBES = Set.of("/health", "/ready");
  private static final String STREAM = "/v1/events/stream";
  private static final String METRICS = "/metrics";

  private final AdminSettings settings;
  private final Gate gate;
  private final Map<String, Map<String, AdminResource>> resources = new TreeMap<>();
  private final EventStream stream;
  private final int contentMillis;
  private final Semaphore longContent = new Semaphore(1);

  /** Content of requests has to be there within {@code contentMillis}. */
  AdminHandler(
      AdminSettings settings,
      Gate gate,
      List<AdminResource> resources,
      EventStream stream,
      int contentMillis) {
    this.settings = settings;
    this.gate = gate;
    this.stream = stream;
    this.contentMillis = contentMillis;
    for (AdminResource one : resources) {
      this.resources.computeIfAbsent(one.path(), path -> new TreeMap<>()).put(one.method(), one);
    }
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    secure(exchange.getResponseHeaders());
    if (!exchange.getProtocol().equals(Protocols.HTTP_1_1)) {
      refuse(exchange, new Refusal(505, "only HTTP/1.1 is spoken here"));
      return;
    }
    Optional<Refusal> refusal = gate.atAll(new Asked(exchange));
    if (refusal.isPresent()) {
      turnAway(exchange, refusal.get());
      return;
    }
    String path = exchange.getRequestURI();
    AdminResource.Text page = Page.at(path);
    if (page != null) {
      servePage(exchange, page);
    } else {
      find(exchange, path);
    }
  }

  /** What no response may lack. */
  private static void secure(HeaderMap fields) {
    fields.put(new HttpString("Content-Security-Policy"), Page.POLICY);
    fields.put(new HttpString("X-Content-Type-Options"), "nosniff");
    fields.put(new HttpString("Referrer-Policy"), "no-referrer");
    fields.put(new HttpString("Cross-Origin-Opener-Policy"), "same-origin");
    fields.put(new HttpString("Cross-Origin-Resource-Policy"), "same-origin");
    fields.put(Headers.CACHE_CONTROL, "no-store");
  }

  private static void servePage(HttpServerExchange exchange, AdminResource.Text page) {
    if (isRead(exchange)) {
      send(exchange, 200, page.type(), page.text());
    } else {
      refuse(exchange, new Refusal(405, "the method is not for this", "Allow", "GET, HEAD"));
    }
  }

  private static boolean isRead(HttpServerExchange exchange) {
    HttpString method = exchange.getRequestMethod();
    return method.equals(Methods.GET) || method.equals(Methods.HEAD);
  }

  private void find(HttpServerExchange exchange, String path) throws Exception {
    Map<String, AdminResource> methods = resources.getOrDefault(path, Map.of());
    String method = isRead(exchange) ? AdminResource.GET : exchange.getRequestMethod().toString();
    if (!isOpen(path)) {
      Optional<Refusal> refusal = gate.atResources(new Asked(exchange));
      if (refusal.isPresent()) {
        turnAway(exchange, refusal.get());
        return;
      }
    }
    AdminResource resource = methods.get(method);
    if (resource == null) {
      refuse(
          exchange,
          methods.isEmpty() ? new Refusal(404, "there is no such resource") : notFor(methods));
    } else if (path.equals(STREAM)) {
      follow(exchange);
    } else if (method.equals(AdminResource.POST)) {
      receive(exchange, resource);
    } else if (PROBES.contains(path)) {
      answer(exchange, resource, ""); // at once, whatever the others wait for
    } else {
      exchange.dispatch(() -> answer(exchange, resource, ""));
    }
  }

  /** Those who watch over processes have no token; what they learn is a word. */
  private boolean isOpen(String path) {
    return PROBES.contains(path) || (path.equals(METRICS) && settings.openMetrics());
  }

  private static Refusal notFor(Map<String, AdminResource> methods) {
    TreeSet<String> allowed = new TreeSet<>(methods.keySet());
    if (allowed.contains(AdminResource.GET)) {
      allowed.add("HEAD");
    }
    return new Refusal(405, "the method is not for this", "Allow", String.join(", ", allowed));
  }

  private void follow(HttpServerExchange exchange) throws Exception {
    try {
      long after = request(exchange, "").number("after", 0, 0, Long.MAX_VALUE);
      if (exchange.getRequestMethod().equals(Methods.HEAD)) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, EventStream.TYPE);
        exchange.endExchange();
      } else {
        stream.begin(exchange, after);
      }
    } catch (AdminException e) {
      refuse(exchange, new Refusal(e.status(), String.valueOf(e.getMessage())));
    }
  }

  private void receive(HttpServerExchange exchange, AdminResource resource) {
    Optional<Refusal> refusal = gate.atContent(new Asked(exchange), resource.changes());
    if (refusal.isPresent()) {
      refuse(exchange, refusal.get());
      return;
    }
    long length = exchange.getRequestContentLength();
    if (length < 0) {
      refuse(exchange, new Refusal(411, "the content needs a Content-Length"));
      return;
    }
    if (length > resource.mostOctets()) {
      refuse(exchange, new Refusal(413, "the content is too long"));
      return;
    }
    if (length > AdminResource.MOST_OCTETS && !takesItsTurn(exchange)) {
      String detail = "other long content is being read";
      refuse(exchange, new Refusal(503, detail, "Retry-After", "1"));
      return;
    }
    XnioExecutor.Key late =
        exchange
            .getIoThread()
            .executeAfter(
                () -> IoUtils.safeClose(exchange.getConnection()),
                contentMillis,
                TimeUnit.MILLISECONDS);
    exchange
        .getRequestReceiver()
        .receiveFullString(
            (received, content) -> {
              late.remove();
              received.dispatch(() -> answer(received, resource, content));
            },
            (failed, e) -> {
              late.remove();
              refuse(failed, new Refusal(400, "the content did not come"));
            },
            StandardCharsets.UTF_8);
  }

  /**
   * Whether nobody else has long content; it is the last of its connection, which ends its turn.
   */
  private boolean takesItsTurn(HttpServerExchange exchange) {
    if (!longContent.tryAcquire()) {
      return false;
    }
    exchange.setPersistent(false);
    exchange.getConnection().addCloseListener(closed -> longContent.release());
    return true;
  }

  private static AdminRequest request(HttpServerExchange exchange, String content) {
    Map<String, String> query = new HashMap<>();
    exchange.getQueryParameters().forEach((name, values) -> query.put(name, values.getFirst()));
    return new AdminRequest(query, content);
  }

  private static void answer(HttpServerExchange exchange, AdminResource resource, String content) {
    try {
      Object answer = awaited(resource.handler().answer(request(exchange, content)));
      if (answer instanceof AdminResource.Text text) {
        send(exchange, 200, text.type(), text.text());
      } else {
        send(exchange, 200, JSON, JsonText.of(answer) + "\n");
      }
    } catch (AdminException e) {
      problem(exchange, e.status(), String.valueOf(e.getMessage()), e.problems());
    } catch (InvalidSettingsException e) {
      problem(exchange, 400, "the content is wrong", e.problems());
    } catch (IllegalArgumentException e) {
      refuse(exchange, new Refusal(400, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the admin resource " + resource.path() + " has failed", e);
      refuse(exchange, new Refusal(500, "this has failed; the log tells more"));
    }
  }

  /** An answer that others have to give, when they have. */
  private static Object awaited(Object answer) {
    if (!(answer instanceof CompletionStage<?> later)) {
      return answer;
    }
    try {
      return later.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AdminException(503, "what was asked has not answered");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdminException(503, "the proxy stops");
    }
  }

  /** Whoever may not ask holds no connection that others could use. */
  private static void turnAway(HttpServerExchange exchange, Refusal refusal) {
    exchange.setPersistent(false);
    refuse(exchange, refusal);
  }

  private static void refuse(HttpServerExchange exchange, Refusal refusal) {
    if (refusal.field() != null && refusal.value() != null) {
      exchange.getResponseHeaders().put(new HttpString(refusal.field()), refusal.value());
    }
    problem(exchange, refusal.status(), refusal.detail(), List.of());
  }

  /** An error as in RFC 9457. Its connection is closed: unread content may be on its way. */
  private static void problem(
      HttpServerExchange exchange, int status, String detail, List<String> problems) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("status", status);
    told.put("detail", detail);
    if (!problems.isEmpty()) {
      told.put("problems", problems);
    }
    exchange.setPersistent(exchange.isPersistent() && exchange.isRequestComplete());
    send(exchange, status, PROBLEM, JsonText.of(told) + "\n");
  }

  private static void send(HttpServerExchange exchange, int status, String type, String text) {
    if (exchange.isResponseStarted()) {
      exchange.endExchange();
      return;
    }
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
  }

  /** What the gate looks at. */
  private record Asked(HttpServerExchange exchange) implements Gate.Request {
    @Override
    public InetAddress client() {
      return exchange.getSourceAddress().getAddress();
    }

    @Override
    public @Nullable String field(String name) {
      HeaderValues values = exchange.getRequestHeaders().get(name);
      return values == null ? null : String.join(", ", values);
    }
  }
}
