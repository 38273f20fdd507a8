package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses methods that show what a server received or control it: TRACE (RFC 9110 §9.3.8) and its
 * kin. CONNECT never gets here.
 */
final class DebugMethods implements RequestFilter {
  private static final Set<String> METHODS = Set.of("TRACE", "TRACK", "DEBUG");
  private static final Failure REFUSED = Refusals.denied(405, "the method is not offered here");

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    return METHODS.contains(request.head().method()) ? REFUSED : null;
  }
}
