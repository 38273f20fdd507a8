package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.testkit.Tls;
import io.tidegate.reverse.protect.OwnFilters;
import io.tidegate.reverse.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The routes of settings, without a proxy around them. */
final class RouteTables {
  private RouteTables() {}

  static RouteTable of(ReverseProxySettings settings) {
    return new Assembly(
            settings,
            Map.of(),
            List.of(),
            OwnFilters.NONE,
            Tls.sources(),
            new Random(1),
            () -> 0,
            new Kept(),
            new Checks())
        .routeTable();
  }
}
