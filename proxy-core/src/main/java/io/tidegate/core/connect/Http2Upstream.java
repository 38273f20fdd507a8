package io.tidegate.core.connect;

import io.tidegate.core.h2.ErrorCode;
import io.tidegate.core.h2.Http2Head;
import io.tidegate.core.h2.Http2Session;
import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.h2.Http2Stream;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * One HTTP/2 connection to an upstream (RFC 9113), for many requests at a time: each is a {@link
 * Http2UpstreamStream}.
 *
 * <p>It counts as made when the settings of the server have come: then it is known that HTTP/2 is
 * spoken there, and how many requests are welcome at a time.
 */
final class Http2Upstream
    implements NewConnection,
        Resting,
        MessageWriter.Owner,
        Http2Session.Output,
        Http2Session.Owner {
  private static final HeadLimits HEAD_LIMITS = new HeadLimits(128 << 10, 8 << 10, 500);

  /** As much for each response as it takes, for more of them than servers usually permit. */
  private static final Http2Settings GRANTED =
      new Http2Settings(1, 256 << 10, 128 * (256 << 10), 4096);

  /** How long a server may take to answer a PING once there is reason to ask. */
  private static final long PING_MILLIS = 10_000;

  /** Told what becomes of the connection. */
  interface Keeper {
    /** There may be room for another request. */
    void roomOn(Http2Upstream connection);

    /** There is no request on it. */
    void rests();

    /** It rests no more. */
    void wakes();

    /** The server wants to be asked in HTTP/1.1, and may be. */
    void wantsHttp1();

    void closed(Http2Upstream connection);
  }

  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceConduit source;
  private final Destination destination;
  private final @Nullable InetAddress address;
  private final Completion<NewConnection> completion;
  private final MessageWriter writer;
  private final Http2Session session;
  private final ReadSize readSize = new ReadSize();
  private final Alarm alarm = new Alarm();
  private final List<Http2UpstreamStream> touched = new ArrayList<>();
  private final long bornAt;
  private @Nullable Keeper keeper;
  private @Nullable ByteBuffer early;

  /** The limits by which it is kept. */
  private UpstreamSettings settings = UpstreamSettings.DEFAULT;

  private long idleUntil;
  private boolean resting;
  private long lastRead;
  private long askedAt = -1;
  private long requests;
  private int active;
  private boolean made;
  private boolean retiring;
  private boolean wantsHttp1;
  private @Nullable Failure loss;
  private boolean closed;

  /**
   * A connection over {@code channel}.
   *
   * @param address where it leads, null if a parent proxy has found that out
   * @param early what has come already; null if nothing
   * @param completion told once the server has shown that it speaks HTTP/2, or does not
   */
  Http2Upstream(
      IoLoop loop,
      StreamConnection channel,
      Destination destination,
      @Nullable InetAddress address,
      @Nullable ByteBuffer early,
      Completion<NewConnection> completion) {
    this.loop = loop;
    this.channel = channel;
    this.source = channel.getSourceChannel().getConduit();
    this.destination = destination;
    this.address = address;
    this.early = early;
    this.completion = completion;
    this.bornAt = loop.now();
    this.lastRead = bornAt;
    this.writer = new MessageWriter(loop, channel.getSinkChannel().getConduit(), this);
    this.session =
        new Http2Session(
            Http2Session.Role.CLIENT, GRANTED, HEAD_LIMITS, loop.buffers(), loop::now, this, this);
  }

  /** Begins to speak HTTP/2. */
  void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    channel.getSinkChannel().setWriteListener(c -> writable());
    session.start();
    source.resumeReads();
    ByteBuffer before = early;
    early = null;
    if (before != null) {
      loop.later(() -> received(before));
    }
    loop.flush();
  }

  /** Gives up while nobody knows yet whether HTTP/2 is spoken there; nobody is told. */
  void abandon() {
    made = true;
    close();
  }

  // ---- for whoever sends requests

  /** From now on, {@code other} is told, and the connection is used within these limits. */
  void keptBy(Keeper other, UpstreamSettings limits) {
    keeper = other;
    settings = limits;
    rest();
    if (wantsHttp1) {
      other.wantsHttp1();
    }
  }

  /** From now on, it is used within these limits. */
  void keepTo(UpstreamSettings limits) {
    settings = limits;
  }

  Destination destination() {
    return destination;
  }

  @Nullable InetAddress address() {
    return address;
  }

  /** Whether it may be used for what {@code check} stands for. */
  boolean passes(Connector.AddressCheck check) {
    return address == null || check.apply(address) == null;
  }

  /** Whether one more request may be sent on it now. */
  boolean takesMore() {
    return !closed
        && !retiring
        && askedAt < 0
        && session.mayOpen()
        && active < settings.maxStreamsPerConnection()
        && !isWornOut();
  }

  private boolean isWornOut() {
    return requests >= settings.maxRequests() || loop.now() >= wornOutAt();
  }

  private long wornOutAt() {
    return bornAt + settings.maxAge().toMillis();
  }

  /** Whether it was made at {@code time} or later. */
  boolean isFresh(long time) {
    return bornAt >= time;
  }

  /** A place for one request. */
  Http2UpstreamStream stream() {
    active++;
    wake();
    if (askedAt < 0) {
      alarm.cancel(loop.timers());
    }
    return new Http2UpstreamStream(this, requests++ > 0);
  }

  @Override
  public UpstreamConnection alone() {
    Http2UpstreamStream only = stream();
    retiring = true;
    return only;
  }

  @Override
  public long idleUntil() {
    return idleUntil;
  }

  /** Whether those that come will find no place here any more. */
  boolean isRetiring() {
    return retiring;
  }

  boolean isResting() {
    return resting;
  }

  @Override
  public void retire() {
    retiring = true;
    closeIfDone();
  }

  // ---- for the streams

  Http2Session session() {
    return session;
  }

  IoLoop loop() {
    return loop;
  }

  /** Why the connection has ended; null if it has not, and it is the affair of a stream alone. */
  @Nullable Failure loss() {
    return loss;
  }

  /** The server wants HTTP/1.1 to be used (RFC 9113 §7). Whether that is possible. */
  boolean turnsToHttp1() {
    wantsHttp1 |= destination.http() == UpstreamHttp.NEGOTIATED;
    if (wantsHttp1 && keeper != null) {
      keeper.wantsHttp1();
    }
    return wantsHttp1;
  }

  /** Whether the server wants HTTP/1.1, and it is possible. */
  boolean wantsHttp1() {
    return wantsHttp1;
  }

  /** The stream has got something, and is to be told when there is no more of it now. */
  void touched(Http2UpstreamStream stream) {
    touched.add(stream);
  }

  /** Tells the streams that they have got all there is now. */
  void settle() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).caughtUp();
    }
    touched.clear();
  }

  /** A place is free again. */
  void over() {
    active--;
    if (retiring || isWornOut()) {
      retiring = true;
      loop.later(this::closeIfDone); // not in the middle of what the session tells
    } else if (!closed) {
      rest();
      tellRoom();
    }
  }

  /** A request was given up that was sent at {@code sentAt}, and perhaps nobody is there. */
  void doubt(long sentAt) {
    if (!closed && askedAt < 0 && lastRead <= sentAt) {
      askedAt = loop.now();
      session.ping(this::answered);
      alarm.set(loop.timers(), askedAt + PING_MILLIS);
    }
  }

  private void answered() {
    askedAt = -1;
    alarm.cancel(loop.timers());
    rest();
    tellRoom();
  }

  // ---- life and death

  private void rest() {
    if (active > 0 || askedAt >= 0 || keeper == null) {
      return;
    }
    idleUntil = Math.min(loop.now() + settings.idleTimeout().toMillis(), wornOutAt());
    alarm.set(loop.timers(), idleUntil);
    if (!resting) {
      resting = true;
      keeper.rests();
    }
  }

  private void wake() {
    if (resting && keeper != null) {
      resting = false;
      keeper.wakes();
    }
  }

  private void closeIfDone() {
    if (retiring && active == 0 && !closed) {
      session.fail(ErrorCode.NO_ERROR, "no more requests");
      close();
    }
  }

  private void tellRoom() {
    if (keeper != null) {
      keeper.roomOn(this);
    }
  }

  /** Closes the connection; streams must have been told. */
  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    wake();
    alarm.cancel(loop.timers());
    writer.flush();
    writer.discard();
    IoUtils.safeClose(channel);
    if (keeper != null) {
      keeper.closed(this);
    }
  }

  private void lose(Failure reason) {
    if (closed) {
      return;
    }
    loss = reason;
    session.lost(reason.detail());
    close();
    if (!made) {
      made = true;
      completion.failed(reason);
    }
  }

  private final class Alarm extends TimerWheel.Deadline {
    @Override
    protected void expired() {
      if (askedAt < 0) {
        retire(); // it has not been used for long enough
      } else if (lastRead < askedAt) {
        lose(terminated("the upstream does not answer any more", null));
      } else {
        answered();
      }
    }
  }

  private static Failure terminated(String detail, @Nullable IOException cause) {
    return cause == null
        ? Failure.of(ProxyError.CONNECTION_TERMINATED, detail)
        : Failure.of(ProxyError.CONNECTION_TERMINATED, detail, cause);
  }

  // ---- octets

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(readSize.limit(in));
      if (n > 0) {
        readSize.came(n);
        received(in.flip());
      } else if (n < 0) {
        lose(terminated("the upstream closed the connection", null));
      }
    } catch (IOException e) {
      Failure refused = TlsHandshake.lateRefusal(e);
      lose(refused == null ? terminated("the connection to the upstream was lost", e) : refused);
    } catch (RuntimeException | Error e) {
      lose(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void received(ByteBuffer in) {
    if (closed) {
      return;
    }
    lastRead = loop.now();
    session.receive(in);
    settle();
    if (!made && session.isEstablished()) {
      made = true;
      completion.completed(this);
    }
  }

  private void writable() {
    writer.writable();
    loop.flush();
  }

  @Override
  public void drained() {
    session.drained();
  }

  @Override
  public void writeFailed(IOException cause) {
    // Responses may have come that are still to be read; reading tells when there are no more.
    retiring = true;
    source.wakeupReads();
  }

  @Override
  public void send(HeadWriter octets) {
    writer.send(octets);
  }

  @Override
  public void write(ByteBuffer data) {
    writer.write(data);
  }

  @Override
  public boolean backlogged() {
    return writer.backlogged();
  }

  // ---- what the session tells

  @Override
  public Http2Stream.Receiver opened(Http2Stream stream, Http2Head head, boolean ends) {
    throw new IllegalStateException("a server has opened a stream");
  }

  @Override
  public void settingsCame() {
    tellRoom();
  }

  @Override
  public void goingAway(ErrorCode code) {
    if (code == ErrorCode.HTTP_1_1_REQUIRED) {
      turnsToHttp1();
    }
    loop.later(this::retire); // not in the middle of what the session tells
  }

  @Override
  public void closed(Http2Stream stream) {
    tellRoom();
  }

  @Override
  public void failed(ErrorCode code, String detail) {
    close();
    if (!made) {
      made = true;
      completion.failed(
          Failure.of(ProxyError.HTTP_PROTOCOL_ERROR, "the upstream does not speak HTTP/2"));
    }
  }
}
