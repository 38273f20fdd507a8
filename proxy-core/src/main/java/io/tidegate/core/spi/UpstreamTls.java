package io.tidegate.core.spi;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS connections to a destination are made: whom they trust, what they prove themselves with.
 * Connections are pooled by it, so equal ones must mean the same.
 *
 * @param source trust and keys
 * @param serverName the host to ask for in SNI and to expect in the certificate, null for the host
 *     of the destination
 */
public record UpstreamTls(Source source, @Nullable String serverName) {
  /**
   * Has trust and keys. They may change: a connection is made with those of its time, and resumes
   * sessions of connections that were made with the same. Thread-safe; never blocks once it is
   * ready.
   */
  public interface Source {
    /** Whether trust and keys are there; if not, asking for them makes them, which takes long. */
    default boolean isReady() {
      return true;
    }

    /** Trust and keys as they are now. */
    SSLContext context();

    /** The versions that are spoken, by the platform's names; empty for those of the context. */
    default List<String> versions() {
      return List.of();
    }
  }

  private record Fixed(SSLContext context) implements Source {}

  /** Rejects one without a source. */
  public UpstreamTls {
    Objects.requireNonNull(source);
  }

  /** Trust and keys of {@code context}, for whichever host is gone to. */
  public static UpstreamTls of(SSLContext context) {
    return new UpstreamTls(new Fixed(Objects.requireNonNull(context)), null);
  }

  /** The same for the host {@code name}, wherever it is gone to. */
  public UpstreamTls as(String name) {
    return new UpstreamTls(source, name);
  }

  /** Trust and keys as they are now. */
  public SSLContext context() {
    return source.context();
  }
}
