package io.tidegate.core.spi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that make the pipeline a forward or a reverse proxy.
 *
 * @param direction whom the proxy stands for
 * @param pages what the proxy serves itself
 * @param authenticator who finds out who clients are; null if nobody wants to know
 * @param access who may go where
 * @param filters what the application decides, in this order
 * @param resolver where a request goes
 * @param takesAnyHost whether destinations of the proxy's own answer for any host a client names
 * @param listeners who is told
 * @param background what is done beside
 */
public record Plugins(
    Direction direction,
    OwnPages pages,
    @Nullable Authenticator authenticator,
    AccessPolicy access,
    List<ExchangeFilter> filters,
    DestinationResolver resolver,
    boolean takesAnyHost,
    List<ExchangeListener> listeners,
    List<Background> background) {
  /** Copies the lists. */
  public Plugins {
    filters = List.copyOf(filters);
    listeners = List.copyOf(listeners);
    background = List.copyOf(background);
  }

  /** Without pages, authentication and filters. */
  public Plugins(
      Direction direction,
      AccessPolicy access,
      DestinationResolver resolver,
      boolean takesAnyHost,
      List<ExchangeListener> listeners,
      List<Background> background) {
    this(
        direction,
        OwnPages.NONE,
        null,
        access,
        List.of(),
        resolver,
        takesAnyHost,
        listeners,
        background);
  }

  /** The same, which serves these pages itself. */
  public Plugins with(OwnPages others) {
    return new Plugins(
        direction,
        others,
        authenticator,
        access,
        filters,
        resolver,
        takesAnyHost,
        listeners,
        background);
  }

  /** The same, which asks this one who clients are; null for nobody. */
  public Plugins with(@Nullable Authenticator other) {
    return new Plugins(
        direction, pages, other, access, filters, resolver, takesAnyHost, listeners, background);
  }

  /** The same with these filters after its own. */
  public Plugins with(List<ExchangeFilter> more) {
    List<ExchangeFilter> all = new ArrayList<>(filters);
    all.addAll(more);
    return new Plugins(
        direction,
        pages,
        authenticator,
        access,
        all,
        resolver,
        takesAnyHost,
        listeners,
        background);
  }

  /** The same, which does this beside. */
  public Plugins with(Background more) {
    List<Background> all = new ArrayList<>(background);
    all.add(more);
    return new Plugins(
        direction, pages, authenticator, access, filters, resolver, takesAnyHost, listeners, all);
  }
}
