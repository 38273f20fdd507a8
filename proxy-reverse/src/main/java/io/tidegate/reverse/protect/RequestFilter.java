package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/**
 * A rule that refuses requests by their head. Called on several IO threads at once: it must not
 * block.
 */
@FunctionalInterface
public interface RequestFilter {
  /** Lets every request pass. */
  RequestFilter NONE = request -> null;

  /**
   * Why {@code request} is refused, or null if it may pass. The detail of the failure reaches the
   * client, so it repeats nothing that was received.
   */
  @Nullable Failure refuses(ClientRequest request);
}
