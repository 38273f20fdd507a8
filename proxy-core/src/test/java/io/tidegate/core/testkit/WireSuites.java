package io.tidegate.core.testkit;

import io.tidegate.core.testkit.ProxyWireSuite.Side;
import org.junit.jupiter.api.Nested;

/** Every suite of wire tests that both directions pass; a test of each direction extends it. */
public abstract class WireSuites {
  private final Side side;

  /** All suites, run for one direction. */
  protected WireSuites(Side side) {
    this.side = side;
  }

  @Nested
  class Messages extends MessageSuite {
    Messages() {
      super(side);
    }
  }

  @Nested
  class Interim extends InterimSuite {
    Interim() {
      super(side);
    }
  }

  @Nested
  class Upgrade extends UpgradeSuite {
    Upgrade() {
      super(side);
    }
  }

  @Nested
  class Filters extends FilterSuite {
    Filters() {
      super(side);
    }
  }

  @Nested
  class Fields extends FieldsSuite {
    Fields() {
      super(side);
    }
  }

  @Nested
  class Failures extends FailureSuite {
    Failures() {
      super(side);
    }
  }

  @Nested
  class ClientFaults extends ClientFaultSuite {
    ClientFaults() {
      super(side);
    }
  }

  @Nested
  class Connections extends ConnectionSuite {
    Connections() {
      super(side);
    }
  }

  @Nested
  class Upstreams extends UpstreamSuite {
    Upstreams() {
      super(side);
    }
  }

  @Nested
  class Caches extends CacheSuite {
    Caches() {
      super(side);
    }
  }

  @Nested
  class CacheKeys extends CacheKeySuite {
    CacheKeys() {
      super(side);
    }
  }

  @Nested
  class CachePoisoning extends CachePoisoningSuite {
    CachePoisoning() {
      super(side);
    }
  }

  @Nested
  class Collapses extends CollapseSuite {
    Collapses() {
      super(side);
    }
  }

  @Nested
  class Parts extends PartialSuite {
    Parts() {
      super(side);
    }
  }

  @Nested
  class Invalidations extends InvalidationSuite {
    Invalidations() {
      super(side);
    }
  }

  @Nested
  class Partitions extends PartitionSuite {
    Partitions() {
      super(side);
    }
  }

  @Nested
  class CacheReports extends CacheReportSuite {
    CacheReports() {
      super(side);
    }
  }

  @Nested
  class Queries extends QuerySuite {
    Queries() {
      super(side);
    }
  }

  @Nested
  class Buffers extends BufferingSuite {
    Buffers() {
      super(side);
    }
  }

  @Nested
  class ProxyProtocol extends ProxyProtocolSuite {
    ProxyProtocol() {
      super(side);
    }
  }

  @Nested
  class Http2 extends Http2Suite {
    Http2() {
      super(side);
    }
  }

  @Nested
  class Figures extends FiguresSuite {
    Figures() {
      super(side);
    }
  }

  @Nested
  class Metrics extends MetricsSuite {
    Metrics() {
      super(side);
    }
  }

  @Nested
  class Tracing extends TracingSuite {
    Tracing() {
      super(side);
    }
  }

  @Nested
  class AccessLogs extends AccessLogSuite {
    AccessLogs() {
      super(side);
    }
  }

  @Nested
  class Observations extends ObservationSuite {
    Observations() {
      super(side);
    }
  }
}
