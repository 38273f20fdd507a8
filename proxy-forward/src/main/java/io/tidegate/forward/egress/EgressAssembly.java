package io.tidegate.forward.egress;

import io.tidegate.core.SecretReader;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.forward.access.RequestMatchers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes {@link Egress} from its settings: reads secrets, and looks whether addresses are ours. */
public final class EgressAssembly {
  private final EgressSettings settings;
  private final RequestMatchers matchers;
  private final UpstreamTlsSources tls;
  private final LongSupplier nanoTime;
  private final Kept kept;
  private final Checks checks;

  /** A parent proxy is told by its name and URI; how long it is left out is part of its health. */
  private record HealthPlace(String name, String uri, PauseSettings pause) {}

  private record ChecksPlace(String name, List<ParentGroup.Member> members, Duration interval) {}

  private final List<Background> background = new ArrayList<>();

  /**
   * For settings that have been checked.
   *
   * @param matchers tell which requests a rule is about
   * @param tls makes trust and keys for upstreams
   * @param nanoTime like {@link System#nanoTime}
   * @param kept has what is known of parent proxies
   * @param checks is told what cannot be read or used on this machine
   */
  public EgressAssembly(
      EgressSettings settings,
      RequestMatchers matchers,
      UpstreamTlsSources tls,
      LongSupplier nanoTime,
      Kept kept,
      Checks checks) {
    this.settings = settings;
    this.matchers = matchers;
    this.tls = tls;
    this.nanoTime = nanoTime;
    this.kept = kept;
    this.checks = checks;
  }

  /** The decisions that these settings make. */
  public Egress egress() {
    List<ParentGroup> parents = new ArrayList<>();
    for (ParentSettings of : settings.parents()) {
      parents.add(group(of, "egress.parents[" + parents.size() + "]"));
    }
    List<Sending> rules = new ArrayList<>();
    for (EgressRule rule : settings.rules()) {
      rules.add(sending(rule, "egress.rules[" + rules.size() + "]"));
    }
    return new Egress(
        matchers.of(settings.direct()), parents, settings.onlyThroughParents(), rules);
  }

  /** What is to be done beside; to be asked after {@link #egress}. */
  public List<Background> background() {
    return background;
  }

  private ParentGroup group(ParentSettings of, String place) {
    Parent.Credentials credentials = credentials(of, place + ".password");
    UpstreamTls secured = tls(of.tls(), place);
    List<ParentGroup.Member> members =
        of.proxies().stream().map(uri -> member(of, uri, credentials, secured)).toList();
    of.checkInterval()
        .ifPresent(
            each ->
                background.add(
                    kept.of(
                        ParentChecks.class,
                        new ChecksPlace(of.name(), members, each),
                        () -> new ParentChecks(members, each))));
    return new ParentGroup(
        partition(of, credentials), matchers.of(of.requests()), of.resolveNames(), members);
  }

  /** Proxies that share a cache may call different parents by one name. */
  private static String partition(ParentSettings of, Parent.@Nullable Credentials credentials) {
    List<String> parts = new ArrayList<>(List.of(of.name(), Boolean.toString(of.resolveNames())));
    if (credentials != null) {
      parts.add(credentials.user());
      parts.add(credentials.password());
    }
    parts.add("proxies"); // behind credentials or none
    parts.addAll(of.proxies());
    of.tls().ifPresent(tls -> parts.add(tls.toString()));
    return "parent " + SecretDigest.of(parts);
  }

  private ParentGroup.Member member(
      ParentSettings of,
      String uri,
      Parent.@Nullable Credentials credentials,
      @Nullable UpstreamTls secured) {
    Parent parsed = Objects.requireNonNull(ParentUri.parse(uri, credentials));
    Parent parent = parsed.kind() == Parent.Kind.HTTPS ? parsed.with(secured) : parsed;
    PauseSettings pause = of.pause();
    ParentHealth health =
        kept.of(
            ParentHealth.class,
            new HealthPlace(of.name(), uri, pause),
            () -> new ParentHealth(pause.first().toNanos(), pause.most().toNanos(), nanoTime));
    return new ParentGroup.Member(parent, health);
  }

  private Parent.@Nullable Credentials credentials(ParentSettings of, String at) {
    if (of.user().isEmpty()) {
      return null;
    }
    String password = of.password().map(secret -> SecretReader.read(secret, at, checks)).orElse("");
    if (password.getBytes(StandardCharsets.UTF_8).length > ParentSettings.LONGEST_CREDENTIAL
        || password.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      checks.reject(at, "what was read", "at most 255 octets, no control characters");
    }
    return new Parent.Credentials(of.user().get(), password);
  }

  private Sending sending(EgressRule rule, String place) {
    List<Sending.Credential> credentials = new ArrayList<>();
    for (EgressRule.Credential credential : rule.credentials()) {
      String at = place + ".credentials[" + credentials.size() + "].secret";
      String value = credential.prefix().orElse("") + secret(credential.secret(), at);
      credentials.add(new Sending.Credential(FieldName.of(credential.field()), value));
    }
    List<InetAddress> sources = new ArrayList<>();
    for (String address : rule.sourceAddresses()) {
      sources.add(own(address, place + ".sourceAddresses[" + sources.size() + "]"));
    }
    return new Sending(rule, matchers, sources, credentials, tls(rule.tls(), place));
  }

  private @Nullable UpstreamTls tls(Optional<UpstreamTlsSettings> said, String place) {
    return said.map(details -> tls.tls(details, place + ".tls", checks)).orElse(null);
  }

  private String secret(Secret credential, String at) {
    Checks reading = new Checks();
    String secret = SecretReader.read(credential, at, reading);
    if (reading.passed() && (secret.isBlank() || !Ascii.isFieldValue(secret))) {
      reading.reject(at, "what was read", "text in ISO-8859-1 without control characters");
    }
    checks.addAll(reading);
    return secret;
  }

  /** An address that cannot be bound to now would fail each request. */
  private InetAddress own(String text, String at) {
    InetAddress address = Objects.requireNonNull(Ip.parse(text));
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(address, 0));
    } catch (IOException e) {
      checks.reject(at, text, "an address of this machine");
    }
    return address;
  }
}
