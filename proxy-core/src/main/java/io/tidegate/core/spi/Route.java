package io.tidegate.core.spi;

/**
 * Where a request goes and how it is rewritten on the way. One immutable snapshot serves the whole
 * exchange.
 */
public non-sealed interface Route extends Resolution {
  /** The destinations to try for one exchange. */
  Destinations destinations(ClientRequest request);

  /** The raw path and query for the upstream request; CONNECT has none. */
  default String pathAndQuery(ClientRequest request) {
    return request.pathAndQuery();
  }

  /** How fields are rewritten. */
  HeaderPolicy headers();
}
