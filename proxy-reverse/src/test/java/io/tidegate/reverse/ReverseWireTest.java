package io.tidegate.reverse;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.testkit.CacheKeySuite;
import io.tidegate.core.testkit.CachePoisoningSuite;
import io.tidegate.core.testkit.CacheReportSuite;
import io.tidegate.core.testkit.CacheSuite;
import io.tidegate.core.testkit.ClientFaultSuite;
import io.tidegate.core.testkit.CollapseSuite;
import io.tidegate.core.testkit.ConnectionSuite;
import io.tidegate.core.testkit.FailureSuite;
import io.tidegate.core.testkit.FieldsSuite;
import io.tidegate.core.testkit.InterimSuite;
import io.tidegate.core.testkit.InvalidationSuite;
import io.tidegate.core.testkit.MessageSuite;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.PartialSuite;
import io.tidegate.core.testkit.PartitionSuite;
import io.tidegate.core.testkit.ProxyWireSuite;
import io.tidegate.core.testkit.QuerySuite;
import io.tidegate.core.testkit.UpgradeSuite;
import io.tidegate.core.testkit.UpstreamSuite;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;

/** What both directions do alike, through a reverse proxy. */
class ReverseWireTest {
  private static final ProxyWireSuite.Side SIDE =
      new ProxyWireSuite.Side() {
        @Override
        public Proxy start(OriginServer origin, Consumer<ProxyBuilder<?>> more) {
          ReverseProxy.Builder builder =
              ReverseProxy.builder()
                  .listen("127.0.0.1", 0)
                  .ioThreads(1)
                  .cluster("origin", cluster -> cluster.endpoint("http://" + origin.authority()))
                  .route("/**", "origin");
          more.accept(builder);
          return builder.start();
        }

        @Override
        public String target(OriginServer origin, String path) {
          return path;
        }
      };

  @Nested
  class Messages extends MessageSuite {
    Messages() {
      super(SIDE);
    }
  }

  @Nested
  class Interim extends InterimSuite {
    Interim() {
      super(SIDE);
    }
  }

  @Nested
  class Upgrade extends UpgradeSuite {
    Upgrade() {
      super(SIDE);
    }
  }

  @Nested
  class Fields extends FieldsSuite {
    Fields() {
      super(SIDE);
    }
  }

  @Nested
  class Failures extends FailureSuite {
    Failures() {
      super(SIDE);
    }
  }

  @Nested
  class ClientFaults extends ClientFaultSuite {
    ClientFaults() {
      super(SIDE);
    }
  }

  @Nested
  class Connections extends ConnectionSuite {
    Connections() {
      super(SIDE);
    }
  }

  @Nested
  class Upstreams extends UpstreamSuite {
    Upstreams() {
      super(SIDE);
    }
  }

  @Nested
  class Caches extends CacheSuite {
    Caches() {
      super(SIDE);
    }
  }

  @Nested
  class CacheKeys extends CacheKeySuite {
    CacheKeys() {
      super(SIDE);
    }
  }

  @Nested
  class CachePoisoning extends CachePoisoningSuite {
    CachePoisoning() {
      super(SIDE);
    }
  }

  @Nested
  class Collapses extends CollapseSuite {
    Collapses() {
      super(SIDE);
    }
  }

  @Nested
  class Parts extends PartialSuite {
    Parts() {
      super(SIDE);
    }
  }

  @Nested
  class Invalidations extends InvalidationSuite {
    Invalidations() {
      super(SIDE);
    }
  }

  @Nested
  class Partitions extends PartitionSuite {
    Partitions() {
      super(SIDE);
    }
  }

  @Nested
  class CacheReports extends CacheReportSuite {
    CacheReports() {
      super(SIDE);
    }
  }

  @Nested
  class Queries extends QuerySuite {
    Queries() {
      super(SIDE);
    }
  }
}
