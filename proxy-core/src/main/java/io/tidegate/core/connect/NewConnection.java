package io.tidegate.core.connect;

/** A connection that has just been made, whichever version of HTTP was agreed on it. */
interface NewConnection {
  /** It for one request, after which it is closed unless a pool keeps it. */
  UpstreamConnection alone();
}
