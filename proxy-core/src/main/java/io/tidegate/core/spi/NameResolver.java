package io.tidegate.core.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Turns names into addresses, in place of the platform's name service. Answers are remembered for
 * {@code nameTtl}, and requests that want the same name at the same time cause one question.
 *
 * <p>What is answered is not believed: the access policy is asked about every address before it is
 * dialled.
 */
@FunctionalInterface
public interface NameResolver {
  /** A look-up that blocks until it has an answer. */
  @FunctionalInterface
  interface Lookup {
    /** All addresses of {@code host}, those to be tried first in front. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /**
   * Finds all addresses of {@code host}, a name without a dot at its end, those to be tried first
   * in front. Called on a thread that may block; tells {@code completion} once, now or later, on
   * any thread. A question that is not answered within two minutes is asked again by the next
   * request; exchanges wait for {@code connectTimeout} at the most.
   */
  void resolve(String host, Completion<List<InetAddress>> completion);

  /** A resolver that asks {@code lookup}. */
  static NameResolver blocking(Lookup lookup) {
    return (host, completion) -> {
      List<InetAddress> found;
      try {
        found = List.of(lookup.addresses(host));
      } catch (UnknownHostException e) {
        completion.failed(Failure.of(ProxyError.DNS_ERROR, "the name could not be resolved", e));
        return;
      }
      completion.completed(found);
    };
  }
}
