package io.tidegate.examples;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.reverse.ReverseProxy;
import io.tidegate.reverse.ReverseProxySettings;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A reverse proxy as a bean, with the settings of the file that {@code gateway.settings} names. */
@Configuration(proxyBeanMethods = false)
public class SpringGateway {
  /** Runs an application of nothing else. */
  public static void main(String[] arguments) {
    SpringApplication.run(SpringGateway.class, arguments);
  }

  // region beans
  @Bean
  ReverseProxy gateway(
      @Value("${gateway.settings}") Path file, ObjectProvider<MeterRegistry> registry) {
    ReverseProxy.Builder builder = ReverseProxy.builder(ReverseProxySettings.fromJson(file));
    registry.ifUnique(builder::metrics);
    return builder.build();
  }

  @Bean
  SmartLifecycle gatewayLifecycle(
      ReverseProxy gateway, @Value("${gateway.grace:20s}") Duration grace) {
    return new SmartLifecycle() { // begins when all beans are there, and ends before any is gone
      private volatile boolean running;

      @Override
      public void start() {
        gateway.start();
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        gateway.stop(grace);
      }

      @Override
      public boolean isRunning() {
        return running;
      }
    };
  }
  // endregion
}
