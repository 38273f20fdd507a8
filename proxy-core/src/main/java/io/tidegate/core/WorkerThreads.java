package io.tidegate.core;

import io.tidegate.core.io.DaemonThreads;
import java.util.concurrent.ExecutorService;

/**
 * The threads of a proxy for what blocks or takes long: name look-ups, the computations of
 * handshakes, files. There are as many as there is work, up to a limit each, and none at rest.
 */
final class WorkerThreads {
  /** How many names are looked up at a time. */
  static final int NAME_THREADS = 32;

  private static final int TLS_THREADS = 4;
  private static final int FILE_THREADS = 4;
  private static final int NAME_QUEUE = 1000;
  private static final int ANY_QUEUE = Integer.MAX_VALUE;

  private final ExecutorService names =
      new DaemonThreads("tidegate-names", NAME_THREADS, NAME_QUEUE);

  // A connection waits for one computation at a time, and no longer than its handshake may take.
  private final ExecutorService ofClients =
      new DaemonThreads("tidegate-tls", TLS_THREADS, ANY_QUEUE);
  private final ExecutorService ofUpstreams =
      new DaemonThreads("tidegate-tls-up", TLS_THREADS, ANY_QUEUE);

  private final ExecutorService files =
      new DaemonThreads("tidegate-files", FILE_THREADS, ANY_QUEUE);

  /** Those that look up names; more than a thousand at a time are rejected. */
  ExecutorService names() {
    return names;
  }

  /** Those that compute for handshakes with clients. */
  ExecutorService ofClients() {
    return ofClients;
  }

  /** Those that compute for handshakes with upstreams. */
  ExecutorService ofUpstreams() {
    return ofUpstreams;
  }

  /** Those that read and write files. */
  ExecutorService files() {
    return files;
  }

  /** Takes no more name look-ups and no more computations. */
  void stopConnecting() {
    names.shutdown();
    ofClients.shutdown();
    ofUpstreams.shutdown();
  }

  /** Takes no more work with files: what has been begun ends, so temporary files are closed. */
  void stopFiles() {
    files.shutdown();
  }
}
