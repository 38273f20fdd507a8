package io.tidegate.forward.quota;

import java.util.List;

/**
 * How much clients may have, as data.
 *
 * @param quotas how many requests, tunnels and octets; all that are about a request count
 * @param bandwidths how fast octets may pass; all that are about a request count
 */
public record LimitSettings(List<QuotaSettings> quotas, List<BandwidthSettings> bandwidths) {
  /** As much as they want. */
  public static final LimitSettings NONE = new LimitSettings(List.of(), List.of());

  /** Copies the lists. */
  public LimitSettings {
    quotas = List.copyOf(quotas);
    bandwidths = List.copyOf(bandwidths);
  }
}
