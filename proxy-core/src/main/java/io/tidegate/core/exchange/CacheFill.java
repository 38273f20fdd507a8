package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a response on its way from the upstream into the store. It goes on when the client
 * that caused it has left: others may read it already.
 */
final class CacheFill extends TimerWheel.Deadline implements ResponseReceiver {
  private final Pipeline pipeline;
  private final IoLoop loop;
  private final UpstreamConnection upstream;
  private final CacheStore.NewEntry entry;
  private final @Nullable BodyReader behind;
  private final long patienceMillis;
  private final long idleMillis;
  private final Consumer<@Nullable Failure> ended;
  private long lastProgress;
  private long lastLook;
  private boolean hidden;
  private boolean done;

  /**
   * Tells {@code ended} when it is over, and why if it failed.
   *
   * @param behind stored content that follows what comes, or null; closed by this one
   * @param idle how long the upstream may pause at all
   * @param patience how long the upstream may pause before others had better ask for themselves
   */
  CacheFill(
      Pipeline pipeline,
      UpstreamConnection upstream,
      CacheStore.NewEntry entry,
      @Nullable BodyReader behind,
      Duration idle,
      Duration patience,
      Consumer<@Nullable Failure> ended) {
    this.pipeline = pipeline;
    this.loop = pipeline.loop();
    this.upstream = upstream;
    this.entry = entry;
    this.behind = behind;
    this.patienceMillis = patience.toMillis();
    this.idleMillis = idle.toMillis();
    this.ended = ended;
  }

  void start() {
    pipeline.began(this);
    entry.whenDrained(() -> loop.run(this::drained));
    upstream.readFreely(); // the pace is that of the client, which reads from the store
    upstream.resume(); // it may have been paused for a client that did not keep up
    progress();
    watch();
  }

  @Override
  public void content(ByteBuffer data) {
    progress();
    entry.write(data);
    if (!entry.isWanted()) {
      giveUp();
    } else if (entry.backlogged()) {
      upstream.pause();
    }
  }

  /** Ends it for a reason that is not the upstream's. */
  void giveUp() {
    upstream.close();
    entry.abandon();
    over(null);
  }

  /** Whether anybody reads what comes; on any thread. */
  boolean isRead() {
    return entry.isRead();
  }

  private void drained() {
    if (!done) {
      progress();
      upstream.resume();
    }
  }

  @Override
  public void end(Fields trailers) {
    if (behind == null || copy(behind, entry)) {
      entry.complete();
    } else {
      entry.abandon();
    }
    over(null);
  }

  /** Copies the rest of what is stored; false if it is not all there now. */
  static boolean copy(BodyReader from, CacheStore.NewEntry to) {
    ByteBuffer octets = from.next(() -> {});
    while (octets != null) {
      to.write(octets);
      octets = from.next(() -> {});
    }
    return from.state() == BodyReader.State.ENDED;
  }

  @Override
  public void failed(Failure failure, boolean silent) {
    entry.abandon();
    over(failure);
  }

  @Override
  protected void expired() {
    if (entry.backlogged()) {
      progress(); // it is not the upstream that pauses
      lookAtReaders();
    }
    long paused = loop.now() - lastProgress;
    if (paused >= idleMillis) {
      upstream.close();
      failed(
          Failure.of(ProxyError.CONNECTION_READ_TIMEOUT, "the upstream paused for too long"),
          false);
      return;
    }
    if (!hidden && paused >= patienceMillis) {
      hidden = true;
      entry.hide();
    }
    watch();
  }

  /** One of them may keep the others waiting: but not for long. */
  private void lookAtReaders() {
    if (loop.now() - lastLook >= patienceMillis) {
      lastLook = loop.now();
      entry.leaveBehind();
    }
  }

  private void watch() {
    long patience = hidden ? idleMillis : Math.min(patienceMillis, idleMillis);
    set(loop.timers(), lastProgress + patience);
  }

  private void over(@Nullable Failure failure) {
    done = true;
    pipeline.ended(this);
    cancel(loop.timers());
    if (behind != null) {
      behind.close();
    }
    ended.accept(failure);
  }

  private void progress() {
    lastProgress = loop.now();
  }

  @Override
  public void interim(ResponseHead head) {
    throw new IllegalStateException("an interim response behind the final one");
  }

  @Override
  public void head(ResponseHead head, Framing framing) {
    throw new IllegalStateException("a second final response");
  }

  /** The request had ended before the response was taken over. */
  @Override
  public void requestDrained() {}

  @Override
  public void requestBroken() {}
}
