package io.tidegate.forward;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.OwnPages;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.forward.access.AccessListener;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.access.AccessRules;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.access.WouldBeRefusals;
import io.tidegate.forward.address.AddressRules;
import io.tidegate.forward.address.Nat64Prefix;
import io.tidegate.forward.auth.Authentication;
import io.tidegate.forward.auth.AuthenticationPlugins;
import io.tidegate.forward.auth.AuthenticationSettings;
import io.tidegate.forward.egress.Egress;
import io.tidegate.forward.egress.EgressAssembly;
import io.tidegate.forward.privacy.ForwardHeaders;
import io.tidegate.forward.quota.Limits;
import io.tidegate.forward.setup.SetupPages;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes what plugs into the engine from the settings of a forward proxy. */
final class Assembly {
  private final ForwardProxySettings settings;
  private final UpstreamTlsSources tls;
  private final Kept kept;
  private final Checks checks;
  private final WouldBeRefusals wouldBe;
  private @Nullable Explainer explainer;

  /**
   * From {@code settings}, which have been checked; {@code checks} is told what else is wrong: what
   * cannot be read, or used on this machine. What has served by the settings before is {@code
   * kept}.
   */
  Assembly(
      ForwardProxySettings settings,
      List<AccessListener> accessListeners,
      UpstreamTlsSources tls,
      Kept kept,
      Checks checks) {
    this.settings = settings;
    this.tls = tls;
    this.kept = kept;
    this.checks = checks;
    this.wouldBe =
        kept.of(WouldBeRefusals.class, "rules", () -> new WouldBeRefusals(accessListeners));
  }

  /** What the rules would refuse, if they only report. */
  WouldBeRefusals wouldBeRefusals() {
    return wouldBe;
  }

  /** Looks at what {@link #plugins} have been made of; to be asked after them. */
  Explainer explainer() {
    return Objects.requireNonNull(explainer, "the plugins");
  }

  Plugins plugins(List<ExchangeListener> listeners) {
    ForwardAccess access = access();
    EgressAssembly assembly =
        new EgressAssembly(settings.egress(), matchers(), tls, System::nanoTime, kept, checks);
    Egress egress = settings.egress().isDefault() ? null : assembly.egress();
    explainer = new Explainer(settings, access, egress);
    DestinationResolver resolver =
        Limits.before(
            new ForwardResolver(access, headers(), egress),
            settings.limits(),
            matchers(),
            System::nanoTime,
            kept);
    return new Plugins(Direction.FORWARD, access, resolver, false, listeners, assembly.background())
        .with(pages());
  }

  private OwnPages pages() {
    List<AccessRule> rules = settings.reportOnly() ? List.of() : settings.rules();
    return settings
        .clientSetup()
        .<OwnPages>map(
            setup ->
                new SetupPages(
                    setup,
                    rules,
                    ranges(settings.allowAddresses()),
                    settings.allowPrivateDestinations(),
                    settings.proxy().listeners()))
        .orElse(OwnPages.NONE);
  }

  /**
   * {@code plugins} with authentication, if there is any; what is wrong with files that it reads is
   * noted in {@code checks}.
   */
  Plugins authenticated(Plugins plugins, AuthenticationPlugins own, Checks checks) {
    AuthenticationSettings asked = settings.authentication().orElse(null);
    if (asked == null) {
      return plugins;
    }
    Duration longestWait = settings.proxy().exchange().responseTimeout().dividedBy(2);
    Authentication authentication =
        new Authentication(
            asked,
            own,
            longestWait,
            new SecureRandom(),
            matchers(),
            System::nanoTime,
            kept,
            checks);
    Plugins authenticated = plugins.with(authentication);
    for (Background work : authentication.background()) {
      authenticated = authenticated.with(work);
    }
    return authenticated;
  }

  ForwardAccess access() {
    return new ForwardAccess(
        new AccessRules(settings.rules(), matchers()),
        settings.connectPorts(),
        settings.httpPorts(),
        addresses(),
        settings.reportOnly() ? wouldBe : null,
        matchers().of(settings.destinations().tlsTunnels()));
  }

  private AddressRules addresses() {
    return new AddressRules(
        settings.allowPrivateDestinations(),
        ranges(settings.allowAddresses()),
        ranges(settings.denyAddresses()),
        nat64Prefixes());
  }

  /** All patterns are read alike, whatever they are for. */
  private RequestMatchers matchers() {
    return new RequestMatchers(InstantSource.system(), addresses().embedded());
  }

  private List<Nat64Prefix> nat64Prefixes() {
    return settings.destinations().nat64Prefixes().stream().map(Nat64Prefix::parse).toList();
  }

  ForwardHeaders headers() {
    return new ForwardHeaders(
        settings.privacy(),
        FieldRules.of(settings.requestFields()),
        FieldRules.of(settings.responseFields()));
  }

  private static List<AddressRange> ranges(List<String> texts) {
    return texts.stream().map(AddressRange::parse).toList();
  }
}
