package io.tidegate.core.server;

import java.net.InetSocketAddress;

/**
 * The connections of clients to one listener at one moment.
 *
 * @param address where it listens
 * @param accepting whether it accepts more; else it ends with the last of them
 * @param http1 those on which HTTP/1.1 or HTTP/1.0 is spoken
 * @param http2 those on which HTTP/2 is spoken; their tunnels are streams of them
 * @param tunnels those that have become tunnels
 * @param beginning those on which no request has got as far: of which it is not known yet what is
 *     spoken, or whose handshake is under way
 */
public record ListenerConnections(
    InetSocketAddress address,
    boolean accepting,
    int http1,
    int http2,
    int tunnels,
    int beginning) {}
