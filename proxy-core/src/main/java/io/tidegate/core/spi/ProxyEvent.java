package io.tidegate.core.spi;

/**
 * Something has happened to a proxy as a whole or to a part of it, which those who run it may want
 * to know: an endpoint is down, settings were reloaded. Each kind of event is a type of its own.
 */
public interface ProxyEvent {
  /** What has happened, in lower case with hyphens: {@code endpoint-down}. */
  String name();

  /** What it has happened to; empty for the proxy. */
  String subject();

  /** Why, in a phrase made by us, without secrets; may be empty. */
  String detail();
}
