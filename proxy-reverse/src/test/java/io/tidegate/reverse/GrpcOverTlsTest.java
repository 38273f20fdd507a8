package io.tidegate.reverse;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;

/** The same calls over TLS on both sides, where ALPN chooses HTTP/2. */
class GrpcOverTlsTest extends GrpcTest {
  @Override
  NettyServerBuilder secured(NettyServerBuilder builder) throws IOException {
    SslContextBuilder keys = SslContextBuilder.forServer(Tls.serverKeys()[0]);
    return builder.sslContext(GrpcSslContexts.configure(keys, SslProvider.JDK).build());
  }

  @Override
  ReverseProxy.Builder secured(ReverseProxy.Builder builder) {
    return builder.tls(tls -> tls.context(Tls.server())).upstreamTls(Tls.client());
  }

  @Override
  NettyChannelBuilder secured(NettyChannelBuilder builder) throws IOException {
    SslContextBuilder trust = SslContextBuilder.forClient().trustManager(Tls.clientTrust()[0]);
    return builder.sslContext(GrpcSslContexts.configure(trust, SslProvider.JDK).build());
  }

  @Override
  void endpoint(ClusterBuilder cluster, int port) {
    cluster.endpoint("https://localhost:" + port).http2();
  }
}
