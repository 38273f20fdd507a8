package io.tidegate.forward.access;

import io.tidegate.core.spi.ClientRequest;

/** Is told what the rules would refuse, were they not only to report. */
@FunctionalInterface
public interface AccessListener {
  /**
   * The rules would have refused this request, which passes. Called for every one of them on its IO
   * thread: it must not block. What it throws is logged and harms nothing.
   */
  void wouldRefuse(ClientRequest request);
}
