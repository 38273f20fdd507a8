package io.tidegate.core.spi;

/**
 * Sends copies of requests to other servers, whose responses nobody waits for. May be asked by
 * several IO threads at once.
 */
public interface Mirroring {
  /** Where copies go. */
  Route route();

  /** Whether {@code request}, which is sent now, is copied. */
  boolean takes(ClientRequest request);

  /** A request with more octets of content than this is not copied. */
  int maxContent();
}
