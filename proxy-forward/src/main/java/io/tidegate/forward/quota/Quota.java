package io.tidegate.forward.quota;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.limit.ActiveCount;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.forward.access.RequestMatchers;
import org.jspecify.annotations.Nullable;

/** A quota at work, shared by all IO threads. */
final class Quota {
  private static final long SECOND = 1_000_000_000;

  private static final Failure TOO_MANY_ACTIVE =
      busy("too many requests are under way, the quota has room for no more");
  private static final Failure TOO_MANY_TUNNELS =
      busy("too many tunnels are open, the quota has room for no more");

  private final QuotaKey key;
  private final Pattern only;
  private final boolean cutsOff;
  private final @Nullable Keyed<Meter> requests;
  private final @Nullable Keyed<Meter> octets;
  private final @Nullable ActiveCount active;
  private final @Nullable ActiveCount tunnels;
  private final Failure noRequests;
  private final Failure noOctets;

  /** A quota that counts on from {@code counts}. */
  Quota(QuotaSettings settings, QuotaCounts counts, RequestMatchers matchers) {
    this.key = settings.key();
    this.only = new Pattern(settings.only(), matchers);
    this.cutsOff = settings.cutsOff();
    this.requests = counts.requests();
    this.octets = counts.octets();
    this.active = counts.active();
    this.tunnels = counts.tunnels();
    this.noRequests =
        Failure.denied(settings.requests().map(some -> usedUp(some, "requests")).orElse(""))
            .withStatus(429);
    this.noOctets =
        Failure.denied(settings.octets().map(some -> usedUp(some, "octets")).orElse(""))
            .withStatus(settings.octets().map(Allowance::isSmooth).orElse(false) ? 429 : 403);
  }

  private static String usedUp(Allowance allowance, String what) {
    return "the quota of " + allowance.text(what) + " is used up";
  }

  private static Failure busy(String detail) {
    return Failure.denied(detail).withStatus(429).with("Retry-After", "1");
  }

  boolean concerns(ClientRequest request) {
    return only.matches(request);
  }

  /** How {@code request} uses it, once it has begun. */
  Use use(ClientRequest request) {
    return new Use(key.of(request), tunnels != null && opensTunnel(request));
  }

  private static boolean opensTunnel(ClientRequest request) {
    return request.head().isConnect()
        || request.head().fields().hasMember(FieldName.UPGRADE, "websocket");
  }

  /** One request's use of the quota. */
  final class Use {
    private final Object counted;
    private final boolean tunnel;
    private final @Nullable Meter rate;
    private final @Nullable Meter volume;

    private Use(Object counted, boolean tunnel) {
      this.counted = counted;
      this.tunnel = tunnel;
      this.rate = requests == null ? null : requests.of(counted);
      this.volume = octets == null ? null : octets.of(counted);
    }

    /**
     * The request is under way, unless it is refused; then it does not {@link #end}.
     *
     * @param now the time, read after this was made: a counter knows none before it was made
     */
    @Nullable Failure begin(long now) {
      long wait = volume == null ? 0 : volume.untilMore(now);
      if (wait > 0) {
        return later(noOctets, wait);
      }
      if (active != null && !active.begin(counted)) {
        return TOO_MANY_ACTIVE;
      }
      if (tunnel && tunnels != null && !tunnels.begin(counted)) {
        endActive();
        return TOO_MANY_TUNNELS;
      }
      return null;
    }

    /** Counts the request, unless it is one too many. */
    @Nullable Failure count(long now) {
      long wait = rate == null ? 0 : rate.take(now);
      return wait > 0 ? later(noRequests, wait) : null;
    }

    /** The request has not counted after all. */
    void giveBack(long now) {
      if (rate != null) {
        rate.giveBack(now);
      }
    }

    /** The request is over. */
    void end() {
      endActive();
      if (tunnel && tunnels != null) {
        tunnels.end(counted);
      }
    }

    private void endActive() {
      if (active != null) {
        active.end(counted);
      }
    }

    /** Whether it counts octets. */
    boolean countsOctets() {
      return volume != null;
    }

    /** Counts octets; why no more may pass, null if they may. */
    @Nullable Failure passed(long now, int amount) {
      return volume != null && volume.use(now, amount) && cutsOff
          ? later(noOctets, volume.untilMore(now))
          : null;
    }
  }

  private static Failure later(Failure refusal, long nanos) {
    return refusal.with("Retry-After", Long.toString((nanos + SECOND - 1) / SECOND));
  }
}
