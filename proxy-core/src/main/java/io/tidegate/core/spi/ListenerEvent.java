package io.tidegate.core.spi;

import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * An address is listened on, or is not any more.
 *
 * @param kind what has happened
 * @param address the address, as it is bound
 */
public record ListenerEvent(Kind kind, InetSocketAddress address) implements ProxyEvent {
  /** What can happen. */
  public enum Kind {
    /** Connections are accepted there. */
    OPENED,
    /** They are not any more; those that there are end in time. */
    CLOSED
  }

  @Override
  public String name() {
    return "listener-" + kind.name().toLowerCase(Locale.ROOT);
  }

  /** Address and port, an IPv6 address in brackets. */
  @Override
  public String subject() {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  @Override
  public String detail() {
    return "";
  }
}
