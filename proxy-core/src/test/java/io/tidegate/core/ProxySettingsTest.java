package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.TracingSettings;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.ServerSettings;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spool.SpoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every record says everything that is wrong with it, in sentences of one form. */
class ProxySettingsTest {
  private static final Duration ZERO = Duration.ZERO;

  private static void assertProblems(Executable settings, String... problems) {
    assertEquals(
        List.of(problems), assertThrows(InvalidSettingsException.class, settings).problems());
  }

  @Test
  void tracing() {
    assertProblems(
        () ->
            new TracingSettings(
                TracingSettings.Mode.CONTINUE, List.of(AddressRange.parse("10.0.0.0/8")), 1.5),
        "sampledShare: 1.5 (expected: 0 to 1)",
        "trusted: [10.0.0.0/8] (expected: none unless traces are begun anew)");
    assertProblems(
        () -> new TracingSettings(TracingSettings.Mode.PASS, List.of(), Double.NaN),
        "sampledShare: NaN (expected: 0 to 1)");
  }

  @Test
  void theProxy() {
    assertProblems(
        () ->
            new ProxySettings(
                List.of(),
                -1,
                Optional.of("a b"),
                ServerSettings.DEFAULT,
                UpstreamSettings.DEFAULT,
                ExchangeSettings.DEFAULT,
                Optional.empty(),
                List.of(AddressRange.parse("10.0.0.0/8")),
                BufferingSettings.OFF,
                SpoolSettings.DEFAULT,
                TracingSettings.PASS,
                List.of(),
                Optional.empty()),
        "listeners: 0 (expected: >= 1)",
        "ioThreads: -1 (expected: 0 to 1024)",
        "viaName: a b (expected: a token that begins with a letter)",
        "purgeFrom: [10.0.0.0/8] (expected: none without a cache)");
  }

  @Test
  void listeners() {
    assertProblems(
        () -> new ListenerSettings(Optional.empty(), 65536, List.of()),
        "listen: 65536 (expected: 0 to 65535)",
        "protocols: [] (expected: at least one of HTTP, SOCKS)");
  }

  @Test
  void upstreamConnections() {
    assertProblems(
        () ->
            new UpstreamSettings(
                0,
                -1,
                ZERO,
                -1,
                Duration.ofSeconds(-1),
                Duration.ofDays(366),
                0,
                ZERO,
                0,
                0,
                Optional.empty()),
        "maxUpstreamConnections: 0 (expected: >= 1)",
        "maxPendingRequests: -1 (expected: >= 0)",
        "pendingTimeout: PT0S (expected: more than 0, at most 365 days)",
        "maxIdleUpstreamConnections: -1 (expected: >= 0)",
        "upstreamIdleTimeout: PT-1S (expected: more than 0, at most 365 days)",
        "upstreamMaxAge: PT8784H (expected: more than 0, at most 365 days)",
        "upstreamMaxRequests: 0 (expected: >= 1)",
        "nameTtl: PT0S (expected: more than 0, at most 365 days)",
        "maxLookupsPerClient: 0 (expected: >= 1)",
        "maxStreamsPerConnection: 0 (expected: >= 1)");
  }

  @Test
  void exchanges() {
    assertProblems(
        () ->
            new ExchangeSettings(
                ZERO, ZERO, ZERO, ZERO, -1, -1, ZERO, ZERO, false, Optional.of(ZERO)),
        "connectTimeout: PT0S (expected: more than 0, at most 365 days)",
        "responseTimeout: PT0S (expected: more than 0, at most 365 days)",
        "idleTimeout: PT0S (expected: more than 0, at most 365 days)",
        "exchangeTimeout: PT0S (expected: more than 0, at most 365 days)",
        "maxBodyBytes: -1 (expected: >= 0)",
        "minBodyRate: -1 (expected: >= 0)",
        "tunnelIdleTimeout: PT0S (expected: more than 0, at most 365 days)",
        "tunnelHalfCloseTimeout: PT0S (expected: more than 0, at most 365 days)",
        "tunnelTimeout: PT0S (expected: more than 0, at most 365 days)");
  }

  @Test
  void clientConnections() {
    List<String> problems =
        assertThrows(
                InvalidSettingsException.class,
                () -> new ServerSettings(ZERO, ZERO, 0, 0, 0, 0, 0, Optional.empty()))
            .problems();
    assertEquals(
        List.of(
            "headTimeout",
            "keepAliveTimeout",
            "maxHeadBytes",
            "maxFields",
            "maxTargetBytes",
            "maxConnections",
            "maxConnectionsPerClient"),
        problems.stream().map(problem -> problem.substring(0, problem.indexOf(':'))).toList());
  }

  @Test
  void http2() {
    assertProblems(
        () -> new Http2Settings(0, 16383, 65535, -1),
        "maxConcurrentStreams: 0 (expected: 1 to 10000)",
        "streamWindow: 16383 (expected: 16384 to 16777216)",
        "connectionWindow: 65535 (expected: 65536 to 67108864)",
        "headerTableBytes: -1 (expected: 0 to 65536)");
  }

  @Test
  void buffering() {
    assertProblems(
        () -> new BufferingSettings(true, -1, -1, true, (1L << 30) + 1, (1L << 50) + 1, -1),
        "requestMemoryBytes: -1 (expected: 0 to 1073741824)",
        "requestFileBytes: -1 (expected: 0 to 1125899906842624)",
        "responseMemoryBytes: 1073741825 (expected: 0 to 1073741824)",
        "responseFileBytes: 1125899906842625 (expected: 0 to 1125899906842624)",
        "replayBytes: -1 (expected: 0 to 16777216)");
  }

  @Test
  void theRoomForBuffers() {
    assertProblems(
        () -> new SpoolSettings(Optional.of(" "), -1, -1),
        "maxBufferMemoryBytes: -1 (expected: >= 0)",
        "maxBufferFileBytes: -1 (expected: >= 0)",
        "bufferDirectory:   (expected: the path of a directory)");
  }
}
