package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.UpstreamTlsSettings.Verification;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes trust and keys of one proxy from its settings: from equal ones the same, so that
 * connections are shared and sessions resumed. For whoever builds the proxy.
 */
public final class UpstreamTlsSources {
  private static final System.Logger LOG = System.getLogger(UpstreamTlsSources.class.getName());

  private final CertificateFiles files;
  private final Kept kept;
  private final UpstreamTls own;
  private final Map<UpstreamTlsSettings, UpstreamTlsSource> sources = new LinkedHashMap<>();

  /**
   * Has as yet what the proxy does of its own accord: what {@code settings} say, or else {@code
   * byDefault}.
   *
   * @param files reads what settings name
   * @param place where {@code settings} stand
   * @param kept has what was made of equal settings before
   * @param checks is told what cannot be used
   */
  public UpstreamTlsSources(
      CertificateFiles files,
      Optional<UpstreamTlsSettings> settings,
      String place,
      UpstreamTls byDefault,
      Kept kept,
      Checks checks) {
    this.files = files;
    this.kept = kept;
    this.own = settings.map(said -> source(said, place, byDefault, checks)).orElse(byDefault);
  }

  /** What holds where nothing else is said. */
  public UpstreamTls own() {
    return own;
  }

  /**
   * How {@code settings}, which stand at {@code place}, speak TLS; it blocks, as files are read. If
   * one cannot be used, that is noted in {@code checks}.
   */
  public UpstreamTls tls(UpstreamTlsSettings settings, String place, Checks checks) {
    return source(settings, place, own, checks);
  }

  private UpstreamTls source(
      UpstreamTlsSettings settings, String place, UpstreamTls otherwise, Checks checks) {
    UpstreamTlsSettings anyHost = settings.withoutServerName();
    UpstreamTlsSource source =
        checks.at(place).collect(() -> sources.computeIfAbsent(anyHost, this::kept));
    if (source == null) {
      return otherwise;
    }
    if (settings.verification() == Verification.INSECURE) {
      LOG.log(Level.WARNING, "{0}: upstreams are believed whoever they are, unverified", place);
    }
    return new UpstreamTls(source, settings.serverName().orElse(null));
  }

  private UpstreamTlsSource kept(UpstreamTlsSettings anyHost) {
    return kept.of(UpstreamTlsSource.class, anyHost, () -> new UpstreamTlsSource(anyHost, files));
  }

  /** What was made so far, to be read again when files change. */
  public List<Reloadable> files() {
    return List.copyOf(sources.values());
  }
}
