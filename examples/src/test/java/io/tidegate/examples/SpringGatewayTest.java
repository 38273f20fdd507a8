package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.reverse.ReverseProxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** A proxy lives as long as the context of an application that has it as a bean. */
class SpringGatewayTest {
  private static final String LOGGING = "org.springframework.boot.logging.LoggingSystem";

  @TempDir Path directory;
  private Origin origin;

  @BeforeEach
  void start() {
    System.setProperty(LOGGING, "none"); // the other tests keep theirs
    origin = Origin.start("app", 0);
  }

  @AfterEach
  void stop() {
    System.clearProperty(LOGGING);
    origin.close();
  }

  @Test
  void theGatewayServesUntilTheContextIsClosed() throws Exception {
    ReverseProxy gateway;
    try (ConfigurableApplicationContext context = run(settings(), SpringGateway.class)) {
      gateway = context.getBean(ReverseProxy.class);
      assertTrue(gateway.isReady());
      assertEquals("app got GET /x\n", get(gateway));
    }
    assertFalse(gateway.isReady());
  }

  @Test
  void requestsAreCountedInTheRegistryOfTheApplication() throws Exception {
    try (ConfigurableApplicationContext context =
        run(settings(), SpringGateway.class, Registry.class)) {
      MeterRegistry registry = context.getBean(MeterRegistry.class);
      get(context.getBean(ReverseProxy.class));
      assertEquals(1, registry.get("http.client.request.duration").timer().count());
    }
  }

  @Test
  void wrongSettingsEndTheStart() throws Exception {
    Path file = Files.writeString(directory.resolve("wrong.json"), "{\"cluster\": []}");
    Exception wrong = assertThrows(Exception.class, () -> run(file, SpringGateway.class).close());
    Throwable cause = wrong;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertTrue(cause.getMessage().contains("$.cluster: unknown key"), cause.getMessage());
  }

  /** What an application with metrics has. */
  static class Registry {
    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }

  private Path settings() throws Exception {
    return Files.writeString(
        directory.resolve("gateway.json"),
        """
        {
          "proxy": {"listeners": [{"host": "127.0.0.1"}]},
          "clusters": [{"name": "app", "endpoints": ["%s"]}],
          "routes": [{"cluster": "app"}]
        }
        """
            .formatted(origin.uri()));
  }

  private static ConfigurableApplicationContext run(Path settings, Class<?>... configuration) {
    SpringApplication application = new SpringApplication(configuration);
    application.setRegisterShutdownHook(false);
    return application.run(
        "--gateway.settings=" + settings, "--gateway.grace=5s", "--spring.main.banner-mode=off");
  }

  private static String get(ReverseProxy gateway) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/x");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
