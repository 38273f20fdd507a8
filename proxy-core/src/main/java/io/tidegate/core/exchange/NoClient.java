package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestReceiver;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client's side of a request of our own, whose response goes to nobody. */
class NoClient implements ClientExchange, BodySink {
  private final ClientExchange cause;

  /** On behalf of {@code cause}, whose addresses it has for policies. */
  NoClient(ClientExchange cause) {
    this.cause = cause;
  }

  @Override
  public IoLoop loop() {
    return cause.loop();
  }

  @Override
  public InetSocketAddress clientAddress() {
    return cause.clientAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return cause.localAddress();
  }

  @Override
  public boolean isSecure() {
    return cause.isSecure();
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public boolean requestEnded() {
    return true;
  }

  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    return this;
  }

  @Override
  public void write(ByteBuffer data) {
    data.position(data.limit());
  }

  @Override
  public boolean backlogged() {
    return false;
  }

  @Override
  public void attach(RequestReceiver receiver) {}

  @Override
  public void end(@Nullable FieldEdits trailers) {}

  @Override
  public void finish() {}

  @Override
  public void abort() {}

  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart tunnel) {
    throw new IllegalStateException("nobody asked for a tunnel");
  }
}
