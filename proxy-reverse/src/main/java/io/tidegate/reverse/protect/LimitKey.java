package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.limit.ClientNetwork;
import io.tidegate.core.spi.Checks;

/** Which requests a limit counts together. */
public sealed interface LimitKey {
  /** All of them. */
  record OfAll() implements LimitKey {}

  /**
   * Those of one client address; of IPv6 those of one network, which is what a customer gets.
   *
   * @param ipv6Prefix how many bits of an IPv6 address count, 1 to 128
   */
  record OfClient(int ipv6Prefix) implements LimitKey {
    /** The bits that count unless said otherwise. */
    public static final int DEFAULT_IPV6_PREFIX = ClientNetwork.DEFAULT_IPV6_PREFIX;

    /** Rejects what is no prefix. */
    public OfClient {
      new Checks().between("ipv6Prefix", ipv6Prefix, 1, 128).done();
    }
  }

  /**
   * Those with one value of a request field. Those without it, or with more than one line of it,
   * are counted together, so that nobody escapes a limit by leaving the field out.
   *
   * @param name the name of the field
   */
  record OfField(String name) implements LimitKey {
    /** Rejects what is no field name. */
    public OfField {
      Checks checks = new Checks();
      checks.collect(() -> FieldName.of(name));
      checks.done();
    }
  }
}
