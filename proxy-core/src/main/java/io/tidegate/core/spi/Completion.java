package io.tidegate.core.spi;

/**
 * Told once, on the IO thread of the exchange that asked, how something asynchronous ended.
 *
 * @param <T> what a success yields
 */
public interface Completion<T> {
  /** It worked. */
  void completed(T value);

  /** It did not. */
  void failed(Failure failure);
}
