package io.tidegate.forward.access;

import io.tidegate.forward.address.TargetHost;

/**
 * Where somebody wanted to go.
 *
 * @param user who, empty if that is not known
 * @param host where to
 * @param port the port there
 */
record Asked(String user, TargetHost host, int port) {}
