package io.tidegate.core.figures;

import java.util.Optional;
import java.util.function.Supplier;

/** Whoever among the listeners of a proxy wants to see its figures, whenever they like. */
public interface FiguresWatcher {
  /** The proxy is about to serve; {@code figures} may be asked on any thread. May come again. */
  void begin(Supplier<ProxyFigures> figures);

  /** The figures in the text format that Prometheus reads; empty if this has none. */
  default Optional<String> exposition() {
    return Optional.empty();
  }

  /** The proxy has been stopped. */
  void end();
}
