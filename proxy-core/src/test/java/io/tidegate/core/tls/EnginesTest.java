package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.Tls;
import io.tidegate.core.testkit.TlsDialogue;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that is done with both sides has given back what it held outside the heap. */
class EnginesTest {
  private static SSLEngine server(String version) throws Exception {
    SSLEngine engine = TlsProvider.FASTEST.context(Tls.serverKeys(), null).createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {version});
    return engine;
  }

  private static void assertReleased(SSLEngine engine) {
    Engines.release(engine);
    assertTrue(engine.isOutboundDone());
    assertTrue(engine.isInboundDone());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void oneWhoseConnectionIsCutIsReleased(String version) throws Exception {
    SSLEngine engine = server(version);
    TlsDialogue.between(TlsDialogue.client(Tls.client(), "localhost"), engine);
    assertReleased(engine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void oneThatIsAbandonedInItsHandshakeIsReleased(String version) throws Exception {
    SSLEngine engine = server(version);
    SSLEngine client = TlsDialogue.client(Tls.client(), "localhost");
    ByteBuffer hello = ByteBuffer.allocate(TlsBuffers.RECORD);
    client.wrap(ByteBuffer.allocate(0), hello);
    engine.beginHandshake();
    engine.unwrap(hello.flip(), ByteBuffer.allocate(TlsBuffers.RECORD));
    assertReleased(engine);
  }

  @Test
  void oneThatHasNotBegunIsReleased() throws Exception {
    assertReleased(server("TLSv1.3"));
  }
}
