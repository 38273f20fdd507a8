package io.tidegate.core;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.CertificateFiles;
import io.tidegate.core.tls.PlatformTls;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSources;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Trust and keys for TLS to upstreams, as said so far: a context, details, or the platform's. */
final class UpstreamTlsChoice {
  private @Nullable UpstreamTls context;

  /**
   * What the last of those before this had that had any: it counts wherever there are no details.
   */
  private @Nullable UpstreamTls contextBefore;

  private @Nullable UpstreamTlsBuilder details;

  /** By this context. */
  void context(SSLContext given) {
    this.context = UpstreamTls.of(given);
  }

  /** The details, to say more of them; they count from now on. */
  UpstreamTlsBuilder details() {
    UpstreamTlsBuilder described = details == null ? new UpstreamTlsBuilder() : details;
    this.details = described;
    return described;
  }

  /** Takes over the context of a proxy that runs: settings do not say it. */
  void takeOver(UpstreamTlsChoice running) {
    this.contextBefore = running.context == null ? running.contextBefore : running.context;
  }

  /** The details, if there are any that are not noted in {@code checks} as wrong. */
  Optional<UpstreamTlsSettings> settings(Checks checks) {
    UpstreamTlsBuilder described = details;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("upstreamTls: ", described::settings));
  }

  /** What makes trust and keys by {@code settings}, or by the context. */
  UpstreamTlsSources sources(Optional<UpstreamTlsSettings> settings, Kept kept, Checks checks) {
    if (context != null && settings.isPresent()) {
      checks.reject("upstreamTls", "a context and details", "one or the other");
    }
    UpstreamTls given = context == null ? contextBefore : context;
    UpstreamTls byDefault = given == null ? new UpstreamTls(PlatformTls.SOURCE, null) : given;
    CertificateFiles files = new CertificateFiles(SecretReader::read);
    return new UpstreamTlsSources(files, settings, "proxy.upstream.tls", byDefault, kept, checks);
  }
}
