package io.tidegate.core.exchange;

import io.tidegate.core.cache.Purge;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may invalidate stored responses with PURGE: whom neither the addresses nor a policy refuses.
 *
 * @param from the addresses of clients that may; empty for any
 * @param policies what the application decides itself
 */
public record PurgeAccess(List<AddressRange> from, List<AccessPolicy> policies)
    implements AccessPolicy {
  /** PURGE means nothing here: it goes to the origin like any method that is not known. */
  public static final PurgeAccess NONE = new PurgeAccess(List.of(), List.of());

  /** Copies the lists. */
  public PurgeAccess {
    from = List.copyOf(from);
    policies = List.copyOf(policies);
  }

  /** Whether this is about such a request: whoever makes it, it is not for the origin. */
  boolean concerns(ClientRequest request) {
    return (!from.isEmpty() || !policies.isEmpty()) && request.head().method().equals(Purge.METHOD);
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    InetAddress client = request.clientAddress().getAddress();
    if (!from.isEmpty() && from.stream().noneMatch(range -> range.contains(client))) {
      return Failure.denied("this client may not purge");
    }
    for (AccessPolicy policy : policies) {
      Failure refused = policy.refuses(request);
      if (refused != null) {
        return refused;
      }
    }
    return null;
  }
}
