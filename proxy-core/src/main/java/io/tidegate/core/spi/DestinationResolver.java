package io.tidegate.core.spi;

/** Finds out where a request goes. Pure: it must not block, and no name is looked up here. */
@FunctionalInterface
public interface DestinationResolver {
  /** The route of {@code request}, or why there is none. */
  Resolution resolve(ClientRequest request);
}
