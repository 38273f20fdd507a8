package io.tidegate.core.tls;

import io.tidegate.core.io.IoLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.xnio.Option;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A connection whose content is protected by TLS (RFC 8446, RFC 5246), upon another connection,
 * which is closed with it. It is there when its handshake is over ({@link Handshake}); nothing is
 * negotiated again. For its IO thread.
 *
 * <p>A peer that ends its side is read as -1. One whose connection ended without saying so in TLS
 * may have been cut off by anybody: then, and only then, the connection below {@linkplain
 * StreamConnection#isReadShutdown has ended}, too.
 */
public final class TlsConnection extends StreamConnection {
  private final StreamConnection below;
  private final SSLEngine engine;
  private final Decryption in;
  private final Encryption out;
  private boolean abort;

  /** Goes on with {@code begun}, which has come behind the handshake. */
  TlsConnection(IoLoop loop, StreamConnection below, SSLEngine engine, ByteBuffer begun) {
    super(below.getIoThread());
    this.below = below;
    this.engine = engine;
    StreamSourceConduit source = below.getSourceChannel().getConduit();
    StreamSinkConduit sink = below.getSinkChannel().getConduit();
    TlsBuffers buffers = new TlsBuffers(loop);
    this.out = new Encryption(engine, sink, buffers);
    this.in = new Decryption(engine, source, buffers, out, begun);
    TlsSink secureSink = new TlsSink(this, sink, out);
    TlsSource secureSource = new TlsSource(this, source, in, secureSink::held);
    source.setReadReadyHandler(secureSource);
    sink.setWriteReadyHandler(secureSink);
    setSourceConduit(secureSource);
    setSinkConduit(secureSink);
  }

  /** What was chosen by ALPN (RFC 7301), null if nothing. */
  public @Nullable String protocol() {
    String chosen = engine.getApplicationProtocol();
    return chosen == null || chosen.isEmpty() ? null : chosen;
  }

  /** What was agreed, and what the peer has proved. */
  public SSLSession session() {
    return engine.getSession();
  }

  /** No more will be read. */
  void ended() {
    readClosed();
  }

  /** No more will be written, and everything has been. */
  void finished() {
    writeClosed();
  }

  /** Says that this is the end, unless something before it is missing. */
  @Override
  protected void closeAction() throws IOException {
    try {
      if (thread == Thread.currentThread()) {
        if (!abort && !out.isClosed() && !out.isHolding()) {
          out.lastWords();
        }
        in.close();
        out.discard();
      }
      Engines.release(engine);
    } finally {
      below.close();
    }
  }

  @Override
  public SocketAddress getPeerAddress() {
    return below.getPeerAddress();
  }

  @Override
  public SocketAddress getLocalAddress() {
    return below.getLocalAddress();
  }

  @Override
  public boolean supportsOption(Option<?> option) {
    return below.supportsOption(option);
  }

  @Override
  public <T> @Nullable T getOption(Option<T> option) throws IOException {
    return below.getOption(option);
  }

  @Override
  public <T> @Nullable T setOption(Option<T> option, @Nullable T value) throws IOException {
    if (option == Options.CLOSE_ABORT) {
      abort = Boolean.TRUE.equals(value); // then the peer is not to take what it has got for all
    }
    return below.setOption(option, value);
  }
}
