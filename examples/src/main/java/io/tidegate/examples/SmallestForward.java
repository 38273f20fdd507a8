package io.tidegate.examples;

// region program
import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;

/** The way out to the Internet for programs on this machine. */
public class SmallestForward {
  public static void main(String[] arguments) {
    start(3128);
  }

  static Proxy start(int port) {
    return ForwardProxy.builder().listen(port).start();
  }
}
// endregion
