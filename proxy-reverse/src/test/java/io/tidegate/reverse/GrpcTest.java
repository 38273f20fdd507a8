package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of gRPC through the proxy, HTTP/2 on both sides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
  private static final String SERVICE = "test.Echo";
  private static final String END = "end";

  private static final Metadata.Key<String> ASKED =
      Metadata.Key.of("x-asked", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> HEAD =
      Metadata.Key.of("x-head", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("x-trailer-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final MethodDescriptor.Marshaller<byte[]> OCTETS =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static final MethodDescriptor<byte[], byte[]> UNARY =
      method(MethodDescriptor.MethodType.UNARY, "Unary");

  private static final MethodDescriptor<byte[], byte[]> SERVER_STREAM =
      method(MethodDescriptor.MethodType.SERVER_STREAMING, "ServerStream");

  private static final MethodDescriptor<byte[], byte[]> CLIENT_STREAM =
      method(MethodDescriptor.MethodType.CLIENT_STREAMING, "ClientStream");

  private static final MethodDescriptor<byte[], byte[]> BIDI =
      method(MethodDescriptor.MethodType.BIDI_STREAMING, "Bidi");

  private static final MethodDescriptor<byte[], byte[]> NEVER =
      method(MethodDescriptor.MethodType.UNARY, "Never");

  private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  private final AtomicInteger produced = new AtomicInteger();

  /** Calls that wait for ever, and will tell when they are cancelled. */
  private final Semaphore begun = new Semaphore(0);

  private Server server;
  private Proxy proxy;
  private ManagedChannel channel;

  private static MethodDescriptor<byte[], byte[]> method(
      MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(OCTETS, OCTETS)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  @BeforeAll
  void start() throws IOException {
    server =
        secured(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)))
            .maxInboundMessageSize(64 << 20)
            .addService(ServerInterceptors.intercept(service(), new Echoing()))
            .build()
            .start();
    ReverseProxy.Builder builder = ReverseProxy.builder().listen("127.0.0.1", 0).ioThreads(1);
    int unused = OriginServer.unusedPort();
    proxy =
        secured(builder)
            .cluster("app", cluster -> endpoint(cluster, server.getPort()))
            .cluster("down", cluster -> endpoint(cluster, unused))
            .route("/**", "app")
            .route("/test.Down/**", "down")
            .route(path("/test.Status/401"), route -> route.respond(401, "no"))
            .route(path("/test.Status/403"), route -> route.respond(403, "no"))
            .route(path("/test.Status/404"), route -> route.respond(404, "no"))
            .route(path("/test.Status/429"), route -> route.respond(429, "no"))
            .route(path("/test.Status/500"), route -> route.respond(500, "no"))
            .route(path("/test.Status/504"), route -> route.respond(504, "no"))
            .start();
    channel =
        secured(NettyChannelBuilder.forAddress("localhost", proxy.address().getPort()))
            .maxInboundMessageSize(64 << 20)
            .build();
  }

  NettyServerBuilder secured(NettyServerBuilder builder) throws IOException {
    return builder;
  }

  ReverseProxy.Builder secured(ReverseProxy.Builder builder) {
    return builder.http2WithoutTls();
  }

  NettyChannelBuilder secured(NettyChannelBuilder builder) throws IOException {
    return builder.usePlaintext();
  }

  void endpoint(ClusterBuilder cluster, int port) {
    cluster.endpoint("http://127.0.0.1:" + port).http2Only();
  }

  @AfterAll
  void stop() throws Exception {
    channel.shutdownNow();
    proxy.close();
    server.shutdownNow().awaitTermination();
  }

  // ---- the server

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
        .addMethod(SERVER_STREAM, ServerCalls.asyncServerStreamingCall(this::serverStream))
        .addMethod(CLIENT_STREAM, ServerCalls.asyncClientStreamingCall(this::clientStream))
        .addMethod(BIDI, ServerCalls.asyncBidiStreamingCall(this::bidi))
        .addMethod(NEVER, ServerCalls.asyncUnaryCall(this::never))
        .build();
  }

  private void unary(byte[] request, StreamObserver<byte[]> response) {
    if (text(request).equals("fail")) {
      Metadata trailers = new Metadata();
      trailers.put(TRAILER, new byte[] {0, 1, 2});
      response.onError(
          Status.FAILED_PRECONDITION.withDescription("not ready: é").asRuntimeException(trailers));
      return;
    }
    response.onNext(request);
    response.onCompleted();
  }

  /** As many messages as asked for, no faster than they are taken; for ever if 0. */
  private void serverStream(byte[] request, StreamObserver<byte[]> response) {
    int count = Integer.parseInt(text(request));
    var call = (ServerCallStreamObserver<byte[]>) response;
    call.setOnCancelHandler(() -> cancelled.add("serverStream"));
    if (count > 0) {
      for (int i = 0; i < count; i++) {
        response.onNext(octets("" + i));
      }
      response.onCompleted();
    } else {
      call.setOnReadyHandler(() -> produce(call));
    }
  }

  private void produce(ServerCallStreamObserver<byte[]> call) {
    while (call.isReady() && !call.isCancelled()) {
      produced.incrementAndGet();
      call.onNext(new byte[10_000]);
    }
  }

  private StreamObserver<byte[]> clientStream(StreamObserver<byte[]> response) {
    return new Taking(response) {
      private long octets;

      @Override
      public void onNext(byte[] message) {
        octets += message.length;
      }

      @Override
      public void onCompleted() {
        response.onNext(octets("" + octets));
        response.onCompleted();
      }
    };
  }

  private StreamObserver<byte[]> bidi(StreamObserver<byte[]> response) {
    return new Taking(response) {
      @Override
      public void onNext(byte[] message) {
        response.onNext(message);
      }

      @Override
      public void onCompleted() {
        response.onNext(octets(END));
        response.onCompleted();
      }
    };
  }

  private void never(byte[] request, StreamObserver<byte[]> response) {
    ((ServerCallStreamObserver<byte[]>) response).setOnCancelHandler(() -> cancelled.add("never"));
    begun.release();
  }

  private abstract static class Taking implements StreamObserver<byte[]> {
    final StreamObserver<byte[]> response;

    Taking(StreamObserver<byte[]> response) {
      this.response = response;
    }

    @Override
    public void onError(Throwable gone) {}
  }

  /** Gives metadata of the request back in the head. */
  private static final class Echoing implements ServerInterceptor {
    @Override
    public <Q, P> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, P> call, Metadata asked, ServerCallHandler<Q, P> next) {
      String value = asked.get(ASKED);
      if (value == null) {
        return next.startCall(call, asked);
      }
      Metadata told = new Metadata();
      told.put(HEAD, value);
      Metadata trailers = new Metadata();
      trailers.put(TRAILER, octets(value));
      return MetadataInterceptor.start(call, asked, next, told, trailers);
    }
  }

  /** Adds metadata to what a server answers. */
  private static final class MetadataInterceptor {
    static <Q, P> ServerCall.Listener<Q> start(
        ServerCall<Q, P> call,
        Metadata asked,
        ServerCallHandler<Q, P> next,
        Metadata head,
        Metadata end) {
      return next.startCall(
          new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
              headers.merge(head);
              super.sendHeaders(headers);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              trailers.merge(end);
              super.close(status, trailers);
            }
          },
          asked);
    }
  }

  private static byte[] octets(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] octets) {
    return new String(octets, UTF_8);
  }

  // ---- calls

  private byte[] call(byte[] message) {
    return ClientCalls.blockingUnaryCall(channel, UNARY, options(), message);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  /** What comes in answer to a call, in order; a status is the last. */
  private static final class Answers implements StreamObserver<byte[]> {
    final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

    @Override
    public void onNext(byte[] message) {
      all.add(text(message));
    }

    @Override
    public void onError(Throwable failure) {
      all.add(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      all.add(Status.Code.OK);
    }

    Object next() throws InterruptedException {
      return all.poll(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aMessageIsAnswered() {
    assertEquals("hello", text(call(octets("hello"))));
  }

  @Test
  void aThousandCallsShareAChannel() throws Exception {
    CountDownLatch left = new CountDownLatch(1000);
    AtomicInteger right = new AtomicInteger();
    for (int i = 0; i < 1000; i++) {
      String message = "message " + i;
      ClientCalls.asyncUnaryCall(
          channel.newCall(UNARY, options()),
          octets(message),
          new StreamObserver<>() {
            @Override
            public void onNext(byte[] answer) {
              if (text(answer).equals(message)) {
                right.incrementAndGet();
              }
            }

            @Override
            public void onError(Throwable failure) {
              left.countDown();
            }

            @Override
            public void onCompleted() {
              left.countDown();
            }
          });
    }
    assertTrue(left.await(60, TimeUnit.SECONDS));
    assertEquals(1000, right.get());
  }

  @Test
  void aMessageLargerThanAnyWindowPassesBothWays() {
    byte[] message = new byte[20 << 20];
    message[message.length - 1] = 7;
    byte[] answer = call(message);
    assertEquals(message.length, answer.length);
    assertEquals(7, answer[answer.length - 1]);
  }

  @Test
  void aServerStreams() {
    Iterator<byte[]> messages =
        ClientCalls.blockingServerStreamingCall(channel, SERVER_STREAM, options(), octets("1000"));
    for (int i = 0; i < 1000; i++) {
      assertEquals("" + i, text(messages.next()));
    }
    assertTrue(!messages.hasNext());
  }

  @Test
  void aClientStreams() throws Exception {
    Answers answers = new Answers();
    StreamObserver<byte[]> messages =
        ClientCalls.asyncClientStreamingCall(channel.newCall(CLIENT_STREAM, options()), answers);
    for (int i = 0; i < 1000; i++) {
      messages.onNext(new byte[1000]);
    }
    messages.onCompleted();
    assertEquals("1000000", answers.next());
    assertEquals(Status.Code.OK, answers.next());
  }

  @Test
  void bothStreamAndNothingIsHeldUp() throws Exception {
    Answers answers = new Answers();
    StreamObserver<byte[]> messages =
        ClientCalls.asyncBidiStreamingCall(channel.newCall(BIDI, options()), answers);
    for (int i = 0; i < 100; i++) {
      messages.onNext(octets("" + i));
      assertEquals("" + i, answers.next());
    }
    messages.onCompleted();
    assertEquals(END, answers.next());
    assertEquals(Status.Code.OK, answers.next());
  }

  @Test
  void metadataPassesBothWays() {
    Metadata asked = new Metadata();
    asked.put(ASKED, "value");
    AtomicReference<Metadata> head = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ClientCalls.blockingUnaryCall(
        io.grpc.ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(asked),
            MetadataUtils.newCaptureMetadataInterceptor(head, trailers)),
        UNARY,
        options(),
        octets("hello"));
    assertEquals("value", head.get().get(HEAD));
    assertEquals("value", text(trailers.get().get(TRAILER)));
  }

  @Test
  void aFailureIsToldWithItsStatusAndMetadata() {
    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> call(octets("fail")));
    assertEquals(Status.Code.FAILED_PRECONDITION, failure.getStatus().getCode());
    assertEquals("not ready: é", failure.getStatus().getDescription());
    assertEquals(3, failure.getTrailers().get(TRAILER).length);
  }

  @Test
  void anUnknownMethodIsToldByTheServer() {
    MethodDescriptor<byte[], byte[]> unknown = method(MethodDescriptor.MethodType.UNARY, "Unknown");
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, unknown, options(), octets("")));
    assertEquals(Status.Code.UNIMPLEMENTED, failure.getStatus().getCode());
  }

  /** What a status means in HTTP tells a client what it means for its call. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Status/401, UNAUTHENTICATED",
    "Status/403, PERMISSION_DENIED",
    "Status/404, UNIMPLEMENTED",
    "Status/429, UNAVAILABLE",
    "Status/500, UNKNOWN",
    "Status/504, UNAVAILABLE",
    "Down/Unary, UNAVAILABLE"
  })
  void whatTheProxyAnswersItselfIsUnderstood(String path, Status.Code code) {
    MethodDescriptor<byte[], byte[]> method =
        UNARY.toBuilder().setFullMethodName("test." + path).build();
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, method, options(), octets("hello")));
    assertEquals(code, failure.getStatus().getCode(), failure.getStatus()::toString);
  }

  @Test
  void aDeadlineEndsACallOnBothSides() throws Exception {
    cancelled.clear();
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS);
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, NEVER, soon, octets("")));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
    assertEquals("never", cancelled.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aCallThatIsCancelledIsCancelledAtTheServer() throws Exception {
    cancelled.clear();
    begun.drainPermits();
    ClientCall<byte[], byte[]> call = channel.newCall(NEVER, CallOptions.DEFAULT);
    Answers answers = new Answers();
    ClientCalls.asyncUnaryCall(call, octets(""), answers);
    assertTrue(begun.tryAcquire(20, TimeUnit.SECONDS));
    assertEquals("still there", text(call(octets("still there"))));
    call.cancel("no more", null);
    assertEquals(Status.Code.CANCELLED, answers.next());
    assertEquals("never", cancelled.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aClientThatTakesNothingStopsTheServer() throws Exception {
    cancelled.clear();
    produced.set(0);
    ClientCall<byte[], byte[]> call = channel.newCall(SERVER_STREAM, CallOptions.DEFAULT);
    List<Integer> seen = new ArrayList<>();
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(octets("0"));
    call.halfClose();
    call.request(1);
    // The channel still serves others while this call stands still.
    int before = -1;
    while (before != produced.get() || before <= 0) {
      before = produced.get();
      for (int i = 0; i < 50; i++) {
        assertEquals("other", text(call(octets("other"))));
      }
      seen.add(before);
    }
    assertTrue(before * 10_000L < 8 << 20, before + " messages: " + seen);
    call.cancel("enough", null);
    assertEquals("serverStream", cancelled.poll(20, TimeUnit.SECONDS));
  }
}
