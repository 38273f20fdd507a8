package io.tidegate.reverse.protect;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ClientAddress;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses clients by address. Denied ranges count first, however small an allowed one is; a client
 * whose address nobody knows is refused.
 */
final class ClientLists implements RequestFilter {
  private static final Failure REFUSED = Failure.denied("this client may not ask");

  private final List<AddressRange> allowed;
  private final List<AddressRange> denied;
  private final ForwardedFields forwarded;

  /** Lets clients in {@code allowed} pass, or all if that is empty, but those in {@code denied}. */
  ClientLists(List<AddressRange> allowed, List<AddressRange> denied, ForwardedFields forwarded) {
    this.allowed = allowed;
    this.denied = denied;
    this.forwarded = forwarded;
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    InetAddress client =
        ClientAddress.of(forwarded, request.head().fields(), request.clientAddress().getAddress());
    boolean passes =
        client != null && !isIn(denied, client) && (allowed.isEmpty() || isIn(allowed, client));
    return passes ? null : REFUSED;
  }

  private static boolean isIn(List<AddressRange> ranges, InetAddress client) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(client)) {
        return true;
      }
    }
    return false;
  }
}
