package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/** What a proxy serves itself, to whoever asks for it. */
@FunctionalInterface
public interface OwnPages {
  /** Nothing. */
  OwnPages NONE = request -> null;

  /**
   * The response to {@code request} if it asks for something of the proxy's own, else null. Asked
   * in {@link Stage#VALIDATE}, before it is known who the client is and whether its request is one
   * for a proxy. Pure: it must not block.
   */
  @Nullable OwnResponse page(ClientRequest request);
}
