package io.tidegate.core.exchange;

/** How the content of a response gets on, on its way to the client. */
interface ResponseProgress {
  /** The client has caught up. */
  void clientDrained();

  /** Nothing more is wanted. */
  void close();

  /** How much content was passed on. */
  long octets();

  /** When content last moved. */
  long lastProgress();

  /** Whether the client is slower than what it comes from. */
  boolean isPaused();
}
