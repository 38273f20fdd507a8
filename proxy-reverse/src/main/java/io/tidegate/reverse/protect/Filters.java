package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.reverse.route.HostPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several filters, asked in turn: the first that refuses decides. */
final class Filters implements RequestFilter {
  private final RequestFilter[] filters;

  Filters(List<RequestFilter> filters) {
    this.filters = filters.toArray(RequestFilter[]::new);
  }

  /**
   * The built-in filters that are on, cheap ones first; {@code routeHosts} are what routes name.
   */
  static List<RequestFilter> builtIn(FilterSettings settings, List<HostPattern> routeHosts) {
    List<RequestFilter> on = new ArrayList<>();
    if (settings.debugMethods()) {
      on.add(new DebugMethods());
    }
    if (settings.unknownHosts()) {
      on.add(new KnownHosts(routeHosts));
    }
    if (settings.overrideFields() == FilterSettings.OverrideHandling.REFUSE) {
      on.add(new OverrideFields());
    }
    if (settings.limitsSizes()) {
      on.add(new SizeLimits(settings));
    }
    if (settings.pathTraversal()) {
      on.add(new PathTraversal());
    }
    if (settings.controlOctets() || settings.lineBreaks()) {
      on.add(new ControlOctets(settings.controlOctets(), settings.lineBreaks()));
    }
    return on;
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    for (RequestFilter filter : filters) {
      Failure refused = filter.refuses(request);
      if (refused != null) {
        return refused;
      }
    }
    return null;
  }
}
