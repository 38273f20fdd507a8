package io.tidegate.core.figures;

import java.util.function.Supplier;

/** Whoever among the listeners of a proxy wants to see its figures, whenever they like. */
public interface FiguresWatcher {
  /** The proxy is about to serve; {@code figures} may be asked on any thread. May come again. */
  void begin(Supplier<ProxyFigures> figures);

  /** The proxy has been stopped. */
  void end();
}
