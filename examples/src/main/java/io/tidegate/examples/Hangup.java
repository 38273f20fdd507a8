package io.tidegate.examples;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which whoever rotates logs or has written a file of settings tells a server so. The
 * module jdk.unsupported is what has signals; it is found at run time, as the platform may lack it.
 */
final class Hangup {
  private static final System.Logger LOG = System.getLogger(Hangup.class.getName());

  private Hangup() {}

  /**
   * Has {@code action} run for each SIGHUP from now on, on a thread of its own, in place of the end
   * of the process. Where there is no such signal nothing happens, and where it is to be ignored,
   * as by nohup, it is.
   */
  static void runs(Runnable action) {
    Object turn = new Object();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handles =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                synchronized (turn) { // the next one may come before the last one is done with
                  action.run();
                }
                return null;
              });
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangup, handles);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.DEBUG, "SIGHUP cannot be handled here", e);
    }
  }
}
