package io.tidegate.core;

import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.AdminServer;
import io.tidegate.core.admin.AdminSettings;
import io.tidegate.core.admin.EventLog;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The admin listener of a proxy, and what is recorded for it. */
final class AdminListener {
  private final AdminSettings settings;
  private final FigureRecorder figures;
  private final EventLog events;

  // Guarded by this:
  private String token;
  private @Nullable AdminServer server;
  private boolean closed;

  private AdminListener(
      AdminSettings settings, String token, FigureRecorder figures, EventLog events) {
    this.settings = settings;
    this.figures = figures;
    this.events = events;
    this.token = token;
  }

  /** As {@code settings} say; a token that cannot be one is noted in {@code checks}. */
  static AdminListener of(AdminSettings settings, Kept kept, Checks checks) {
    return new AdminListener(
        settings,
        settings.token().map(secret -> token(secret, checks)).orElse(""),
        kept.of(FigureRecorder.class, "admin", () -> new FigureRecorder(System::nanoTime)),
        kept.of(EventLog.class, "admin", () -> new EventLog(InstantSource.system())));
  }

  private static String token(Secret secret, Checks checks) {
    Checks reading = new Checks();
    String token = SecretReader.read(secret, "token", reading);
    if (reading.passed() && token.length() < AdminSettings.SHORTEST_TOKEN) {
      reading.reject("token", token.length() + " characters", ">= " + AdminSettings.SHORTEST_TOKEN);
    }
    checks.addAll(reading);
    return token;
  }

  AdminSettings settings() {
    return settings;
  }

  FigureRecorder figures() {
    return figures;
  }

  EventLog events() {
    return events;
  }

  /** Listens, unless it does already, or has been closed. */
  synchronized void start(List<AdminResource> resources) throws IOException {
    if (server == null && !closed) {
      server = AdminServer.start(settings, token, resources, events);
    }
  }

  /** Takes the token of {@code next}, by equal settings: it has been read again. */
  synchronized void takeToken(AdminListener next) {
    token = next.token;
    if (server != null) {
      server.token(token);
    }
  }

  synchronized Optional<InetSocketAddress> address() {
    return Optional.ofNullable(server).map(AdminServer::address);
  }

  synchronized void close() {
    closed = true;
    if (server != null) {
      server.close();
    }
  }
}
