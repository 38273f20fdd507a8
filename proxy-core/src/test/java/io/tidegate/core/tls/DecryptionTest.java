package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.testkit.TlsDialogue;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

class DecryptionTest {
  /** A connection that neither brings nor takes anything any more. */
  private static <T> T silent(Class<T> conduit) {
    return conduit.cast(
        Proxy.newProxyInstance(
            conduit.getClassLoader(),
            new Class<?>[] {conduit},
            (proxy, method, arguments) -> method.getReturnType() == int.class ? 0 : null));
  }

  private static SSLEngine engine(TlsProvider provider, String version)
      throws GeneralSecurityException {
    SSLEngine engine = provider.context(Tls.serverKeys(), null).createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {version});
    return engine;
  }

  @ParameterizedTest
  @CsvSource({"JDK,TLSv1.2", "JDK,TLSv1.3", "FASTEST,TLSv1.2", "FASTEST,TLSv1.3"})
  void nothingIsReadOfARecordThatIsForged(TlsProvider provider, String version) throws Exception {
    SSLEngine server = engine(provider, version);
    SSLEngine client = TlsDialogue.client(Tls.client(), "localhost");
    TlsDialogue.between(client, server);
    ByteBuffer begun = ByteBuffer.allocate(TlsBuffers.LARGE);
    client.wrap(ByteBuffer.wrap(new byte[3]), begun);
    begun.put(new byte[] {23, 3, 3}).putShort((short) 3000).put(new byte[3000]).flip();
    try (EchoServer echo = new EchoServer(() -> server, 1)) {
      assertEquals("3, then bad", echo.ask(loop -> twoReads(loop, server, begun)));
      int lent = echo.ask(loop -> loop.buffers(TlsBuffers.RECORD).lent());
      assertEquals(0, lent);
    }
  }

  /** Where there is less room than a record needs, and somebody else's octets are in the pool. */
  private static String twoReads(IoLoop loop, SSLEngine server, ByteBuffer begun) {
    TlsBuffers buffers = new TlsBuffers(loop);
    Decryption in =
        new Decryption(
            server,
            silent(StreamSourceConduit.class),
            buffers,
            new Encryption(server, silent(StreamSinkConduit.class), buffers),
            begun);
    try {
      int n = in.read(ByteBuffer.allocate(10));
      assertThrows(IOException.class, () -> in.read(ByteBuffer.allocate(10_000)));
      return n + ", then bad";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
