package io.tidegate.core.server;

import io.tidegate.core.io.IoLoop;
import java.nio.ByteBuffer;

/** A connection of a client, as far as its listener has to do with it. */
interface ClientConnection {
  /** The loop on whose thread it lives. */
  IoLoop loop();

  /** Begins to read. */
  void start();

  /** Begins with octets that have been read already. */
  void start(ByteBuffer begun);

  /** Closes if nothing is under way; called when nothing more is to begin. */
  void drain();

  /** Ends whatever is under way; whoever waits for it is told. */
  void cut();
}
