package io.tidegate.core.testkit;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Two engines that shake hands without a network between them. */
public final class TlsDialogue {
  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(64 << 10);
  private final ByteBuffer toClient = ByteBuffer.allocate(64 << 10);
  private final ByteBuffer scrap = ByteBuffer.allocate(64 << 10);

  private TlsDialogue(SSLEngine client, SSLEngine server) {
    this.client = client;
    this.server = server;
  }

  /** A context for clients that trust everybody and have {@code keys}. */
  public static SSLContext trustful(KeyManager... keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {new TrustEverybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A client's engine that asks for {@code serverName}, or for no host if that is null. */
  public static SSLEngine client(SSLContext context, @Nullable String serverName) {
    SSLEngine engine = context.createSSLEngine("peer", 443);
    engine.setUseClientMode(true);
    if (serverName != null) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
      engine.setSSLParameters(parameters);
    }
    return engine;
  }

  /**
   * Lets the two shake hands, to the last message of either.
   *
   * @throws SSLException what the one that is not content says
   */
  public static void between(SSLEngine client, SSLEngine server) throws SSLException {
    TlsDialogue dialogue = new TlsDialogue(client, server);
    client.beginHandshake();
    server.beginHandshake();
    int silent = 0;
    while (silent < 3) {
      silent = dialogue.exchange() ? 0 : silent + 1;
    }
    if (!isDone(client) || !isDone(server)) {
      throw new AssertionError(
          client.getHandshakeStatus() + " and " + server.getHandshakeStatus() + " for ever");
    }
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private boolean exchange() throws SSLException {
    boolean said = say(client, toServer);
    said |= hear(server, toServer);
    said |= say(server, toClient);
    return hear(client, toClient) | said;
  }

  private boolean say(SSLEngine engine, ByteBuffer out) throws SSLException {
    int before = out.position();
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
      compute(engine);
    }
    return out.position() > before;
  }

  private boolean hear(SSLEngine engine, ByteBuffer in) throws SSLException {
    in.flip();
    boolean heard = in.hasRemaining();
    try {
      while (in.hasRemaining()) {
        SSLEngineResult result = engine.unwrap(in, scrap.clear());
        compute(engine);
        if (result.bytesConsumed() == 0
            && engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
          break;
        }
      }
    } finally {
      in.compact();
    }
    return heard;
  }

  private static void compute(SSLEngine engine) {
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
    }
  }

  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
