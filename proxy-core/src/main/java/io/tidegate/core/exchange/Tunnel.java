package io.tidegate.core.exchange;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.io.ResetOnClose;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Octets both ways between two connections, after CONNECT (RFC 9110 §9.3.6) or 101. When one side
 * ends, the other is told and may go on; the tunnel ends when both have, or when it is silent or
 * lasts for too long, or when a connection is lost. Whoever has not been told of an orderly end by
 * then is told by a reset: many protocols have no other way to say that something is missing.
 */
final class Tunnel {
  /** How a tunnel ended, and what went through it. */
  interface Ended {
    void ended(long fromClient, long fromUpstream);
  }

  private final IoLoop loop;
  private final ExchangeSettings settings;
  private final @Nullable Pace pace;
  private final Ended listener;
  private final Flow fromClient;
  private final Flow fromUpstream;
  private final Expiry expiry = new Expiry();
  private long lastOctet;
  private long lastsUntil = Long.MAX_VALUE;
  private boolean ended;

  Tunnel(
      IoLoop loop,
      StreamConnection client,
      StreamConnection upstream,
      ExchangeSettings settings,
      @Nullable Pace pace,
      Ended listener) {
    this.loop = loop;
    this.settings = settings;
    this.pace = pace;
    this.listener = listener;
    this.fromClient = new Flow(client, upstream);
    this.fromUpstream = new Flow(upstream, client);
  }

  /** Starts with the octets that each side has sent already. */
  void start(@Nullable ByteBuffer clientOctets, @Nullable ByteBuffer upstreamOctets) {
    lastOctet = loop.now();
    settings.tunnelTimeout().ifPresent(most -> lastsUntil = lastOctet + most.toMillis());
    if (pace != null) {
      fromClient.throttle =
          Throttle.fromClient(loop, pace, fromClient.readSize::atMost, fromClient);
      fromUpstream.throttle =
          Throttle.toClient(loop, pace, fromUpstream.readSize::atMost, fromUpstream);
    }
    fromClient.start(clientOctets);
    fromUpstream.start(upstreamOctets);
    if (!ended) {
      expiry.set(loop.timers(), due());
    }
    loop.flush();
  }

  /** When it ends if nothing more happens. Who holds octets up is not silent. */
  private long due() {
    boolean heldUp = fromClient.isHeldUp() || fromUpstream.isHeldUp();
    boolean halfClosed = fromClient.sourceEnded || fromUpstream.sourceEnded;
    Duration silence =
        halfClosed ? settings.tunnelHalfCloseTimeout() : settings.tunnelIdleTimeout();
    return Math.min((heldUp ? loop.now() : lastOctet) + silence.toMillis(), lastsUntil);
  }

  /** Tells the client something and the end, in a tunnel that has not started and will not. */
  void lastWords(ByteBuffer words) {
    fromUpstream.writer.write(words);
    fromUpstream.sourceEnded();
  }

  /** Closes both connections. */
  void end() {
    if (!ended) {
      ended = true;
      expiry.cancel(loop.timers());
      fromClient.resetUnlessClosed();
      fromUpstream.resetUnlessClosed();
      fromClient.close();
      fromUpstream.close();
      listener.ended(fromClient.octets, fromUpstream.octets);
    }
  }

  private final class Expiry extends TimerWheel.Deadline {
    @Override
    protected void expired() {
      long due = due();
      if (loop.now() >= due) {
        end();
      } else {
        set(loop.timers(), due);
      }
    }
  }

  /** One direction. */
  private final class Flow implements MessageWriter.Owner, Throttle.Side {
    private final StreamConnection from;
    private final StreamConnection to;
    private final StreamSourceConduit source;
    private final MessageWriter writer;
    private final ReadSize readSize = new ReadSize();
    private @Nullable Throttle throttle;
    private boolean sourceEnded;
    private boolean closed;
    private long octets;

    Flow(StreamConnection from, StreamConnection to) {
      this.from = from;
      this.to = to;
      this.source = from.getSourceChannel().getConduit();
      this.writer = new MessageWriter(loop, to.getSinkChannel().getConduit(), this);
    }

    void start(@Nullable ByteBuffer early) {
      from.getSourceChannel().setReadListener(c -> readable());
      to.getSinkChannel().setWriteListener(c -> writable());
      if (throttle != null && throttle.start()) {
        source.suspendReads();
      }
      if (early != null && !ended) {
        passOnEarly(early);
      }
      resume();
    }

    private void passOnEarly(ByteBuffer early) {
      if (throttle == null) {
        passOn(early);
      } else {
        throttle.held().add(early);
        passOnHeld();
      }
    }

    private void passOnHeld() {
      while (throttle != null && !ended && !throttle.held().isEmpty() && !throttle.isHolding()) {
        passOn(throttle.held().next(throttle.size()));
      }
    }

    private void resume() {
      if (!ended && !sourceEnded && !writer.backlogged() && !isHeldUp()) {
        source.resumeReads();
      }
    }

    private void readable() {
      ByteBuffer in = loop.takeInput();
      try {
        int n = source.read(readSize.limit(in));
        if (n > 0) {
          readSize.came(n);
          passOn(in.flip());
        } else if (n < 0) {
          sourceEnded();
        }
      } catch (IOException | RuntimeException e) {
        end();
      } finally {
        loop.giveInput(in);
        loop.flush();
      }
    }

    private void passOn(ByteBuffer data) {
      lastOctet = loop.now();
      int length = data.remaining();
      octets += length;
      writer.write(data);
      if (writer.backlogged()) {
        readSize.slowDown();
        source.suspendReads();
      }
      if (throttle != null && throttle.passed(length)) {
        source.suspendReads();
      }
    }

    private boolean isHeldUp() {
      return throttle != null && throttle.isHolding();
    }

    /** What has passed is paid for. */
    @Override
    public void goOn() {
      lastOctet = loop.now();
      passOnHeld();
      resume();
    }

    @Override
    public void cut(Failure reason) {
      end();
    }

    private void sourceEnded() {
      source.suspendReads();
      sourceEnded = true;
      lastOctet = loop.now();
      writer.flush();
      if (!writer.backlogged()) {
        shutDown();
      } else {
        expiry.set(loop.timers(), due());
      }
    }

    /** Tells the other side that nothing more will come. */
    private void shutDown() {
      try {
        writer.shutDown();
        closed = true;
      } catch (IOException e) {
        end();
        return;
      }
      if (fromClient.closed && fromUpstream.closed) {
        end();
      } else {
        expiry.set(loop.timers(), due());
      }
    }

    private void writable() {
      lastOctet = loop.now();
      writer.writable();
      loop.flush();
    }

    @Override
    public void drained() {
      if (closed) {
        return; // the last words have left
      }
      if (sourceEnded) {
        shutDown();
      } else {
        resume();
      }
    }

    @Override
    public void writeFailed(IOException cause) {
      end();
    }

    void resetUnlessClosed() {
      if (!closed) {
        ResetOnClose.of(to);
      }
    }

    void close() {
      if (throttle != null) {
        throttle.close();
      }
      writer.discard();
      IoUtils.safeClose(from);
      IoUtils.safeClose(to);
    }
  }
}
