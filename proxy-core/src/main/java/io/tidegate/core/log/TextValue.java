package io.tidegate.core.log;

import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.Stage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an exchange knows as a text. */
enum TextValue implements Value {
  USER("user"),
  METHOD("method"),
  VERSION("version"),
  SCHEME("scheme"),
  HOST("host"),
  TLS_VERSION("tls.version"),
  TLS_CIPHER("tls.cipher"),
  TLS_SERVER_NAME("tls.server-name"),
  ROUTE("route"),
  CLUSTER("cluster"),
  CACHE("cache"),
  TRACE("trace"),
  ERROR("error"),
  ERROR_DETAIL("error.detail"),
  STAGE("stage");

  private static final Map<Stage, String> STAGES = new EnumMap<>(Stage.class);

  static {
    for (Stage stage : Stage.values()) {
      STAGES.put(stage, stage.name().toLowerCase(Locale.ROOT));
    }
  }

  /** What it is called in settings. */
  final String id;

  TextValue(String id) {
    this.id = id;
  }

  /** Whether it is likely to be what it was on the line before. */
  boolean isRepeated() {
    return this != USER && this != TRACE && this != ERROR_DETAIL;
  }

  /** The text; null or nothing if there is no such thing. One switch, for each line asks all. */
  @Nullable String of(Outcome outcome) {
    ClientRequest request = outcome.request();
    Route route = outcome.route();
    Failure failure = outcome.failure();
    return switch (this) {
      case USER -> request == null ? null : request.user();
      case METHOD -> request == null ? null : request.head().method();
      case VERSION -> request == null ? null : version(request.head().version());
      case SCHEME -> request == null ? null : request.scheme();
      case HOST -> request == null ? null : request.authority().toString();
      case TLS_VERSION, TLS_CIPHER, TLS_SERVER_NAME -> ofTls(outcome.client());
      case ROUTE -> route == null ? null : route.name();
      case CLUSTER -> route == null ? null : route.clusterName();
      case CACHE -> outcome.cache();
      case TRACE -> trace(outcome.traceContext());
      case ERROR -> failure == null ? null : failure.error().token();
      case ERROR_DETAIL -> failure == null ? null : failure.detail();
      case STAGE -> STAGES.get(outcome.stage());
    };
  }

  private @Nullable String ofTls(@Nullable ClientSide client) {
    ClientSide.TlsSession tls = client == null ? null : client.tls();
    if (tls == null) {
      return null;
    }
    return switch (this) {
      case TLS_VERSION -> tls.version();
      case TLS_CIPHER -> tls.cipher();
      default -> tls.serverName();
    };
  }

  /** Ours, or that of the client: whoever follows it finds what else belongs to the request. */
  private static @Nullable String trace(@Nullable TraceContext trace) {
    return trace == null ? null : trace.traceId();
  }

  static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2.0";
    };
  }

  @Override
  public boolean write(Outcome outcome, Line line) {
    return write(of(outcome), line);
  }

  /** Writes {@code text}; false if there is none. */
  static boolean write(@Nullable String text, Line line) {
    if (text == null || text.isEmpty()) {
      return false;
    }
    line.text(text);
    return true;
  }
}
