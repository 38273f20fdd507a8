package io.tidegate.core.h2;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.io.BufferPool;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of one HTTP/2 connection (RFC 9113). Octets of the peer go in through {@link #receive},
 * what streams do comes out of it as octets for {@link Output}. A peer that breaks the protocol or
 * asks for more work than it is worth is sent GOAWAY. For one thread.
 */
public final class Http2Session {
  /** Which side we are. */
  public enum Role {
    CLIENT,
    SERVER
  }

  /** Where octets go; a {@link io.tidegate.core.io.MessageWriter} without framing, in effect. */
  public interface Output {
    /** Takes what {@code octets} holds. */
    void send(HeadWriter octets);

    /** Takes all of {@code data}. */
    void write(ByteBuffer data);

    /** Whether the peer is slower than we are. */
    boolean backlogged();
  }

  /** Told what happens to the connection as a whole. */
  public interface Owner {
    /**
     * A client has opened a stream with a well-formed request; {@code ends} if that is all of it.
     *
     * @return who is told about the rest
     */
    Http2Stream.Receiver opened(Http2Stream stream, Http2Head head, boolean ends);

    /**
     * A client has opened a stream with a head that is over the limits: 414 or 431 would answer it.
     * Of what it says no more is known than its method.
     *
     * @param method null if that is not known either
     * @param why with the fault, never one of syntax or framing
     * @return who is told about the rest
     */
    default Http2Stream.Receiver openedTooLarge(
        Http2Stream stream, @Nullable String method, BadMessageException why, boolean ends) {
      stream.reset(ErrorCode.ENHANCE_YOUR_CALM);
      return Http2Stream.NOBODY;
    }

    /** The peer's settings have come, the first or later ones. */
    default void settingsCame() {}

    /** The peer takes no more streams, for this reason; those it has not touched are told next. */
    default void goingAway(ErrorCode code) {}

    /** A stream has been closed, by whomever; there may be room for another one. */
    default void closed(Http2Stream stream) {}

    /**
     * The connection cannot go on: all streams have been told, and GOAWAY has been put out. Close
     * it when that has left.
     */
    void failed(ErrorCode code, String detail);
  }

  /** What a stream may hold of which nobody has taken anything yet. */
  static final int FIRST_WINDOW = 64 << 10;

  private static final int NO_LAST_STREAM = Integer.MAX_VALUE;

  private final Role role;
  private final LongSupplier now;
  private final Http2Settings settings;
  private final HeadLimits limits;
  private final BufferPool buffers;
  private final Owner owner;
  private final FrameWriter frames;
  private final Floods floods;
  private final HeadReceiver heads;
  private final FrameReader reader;
  private final Sender sender;
  private final PeerSettings peer;
  private final int firstWindow;
  private final StreamTable streams = new StreamTable();
  private final ClosedStreams closed = new ClosedStreams();
  private final HeadBlock block = new HeadBlock();
  private final ArrayDeque<Runnable> pings = new ArrayDeque<>(0);
  private long pingsAnswered;

  /** Content that has come, and has not been given back to the window of the connection. */
  private int arrived;

  /** By how much streams may still be widened, all together. */
  private int widening;

  /** The next stream that we open, if we are the client. */
  private int nextId = 1;

  /** The last stream that the client has opened, if we are the server. */
  private int lastOpened;

  private boolean takesExtendedConnect;
  private boolean settingsKnown;
  private boolean over;
  private long midwaySince = Long.MAX_VALUE;
  private @Nullable ErrorCode failure;

  /** Runs when the last stream is closed; not null if we have said that we are going away. */
  private @Nullable Runnable drained;

  private boolean draining;

  /** Streams above it are none of ours: we have said so. */
  private int lastServed = NO_LAST_STREAM;

  /** The last stream that the peer will look at. */
  private int lastOfPeer = NO_LAST_STREAM;

  private boolean peerIsGoing;

  /**
   * One side of a connection.
   *
   * @param limits of the heads of the peer
   * @param now milliseconds since an arbitrary origin: floods are counted by time
   */
  public Http2Session(
      Role role,
      Http2Settings settings,
      HeadLimits limits,
      BufferPool buffers,
      LongSupplier now,
      Output output,
      Owner owner) {
    this.role = role;
    this.settings = settings;
    this.limits = limits;
    this.buffers = buffers;
    this.owner = owner;
    this.frames = new FrameWriter(output);
    this.now = now;
    this.floods = new Floods(now);
    this.heads = new HeadReceiver(this, floods, limits, settings.headerTableBytes());
    this.reader = new FrameReader(new Incoming(this, floods, heads), role == Role.SERVER);
    this.sender = new Sender(this, frames, floods);
    this.peer = new PeerSettings(role);
    this.firstWindow = Math.min(FIRST_WINDOW, settings.streamWindow());
    this.widening = settings.connectionWindow();
  }

  // What the owner says

  /** Announces that an extended CONNECT is taken (RFC 8441 §3); before {@link #start}. */
  public void takeExtendedConnect() {
    takesExtendedConnect = true;
    heads.takeExtendedConnect();
  }

  /** Puts out our part of the preface (RFC 9113 §3.4). */
  public void start() {
    if (role == Role.CLIENT) {
      frames.preface();
    }
    int[] ours = new int[12];
    int count = 0;
    if (settings.headerTableBytes() != HpackDecoder.DEFAULT_TABLE) {
      ours[count++] = PeerSettings.HEADER_TABLE_SIZE;
      ours[count++] = settings.headerTableBytes();
    }
    ours[count++] =
        role == Role.CLIENT ? PeerSettings.ENABLE_PUSH : PeerSettings.MAX_CONCURRENT_STREAMS;
    ours[count++] = role == Role.CLIENT ? 0 : settings.maxConcurrentStreams();
    ours[count++] = PeerSettings.INITIAL_WINDOW_SIZE;
    ours[count++] = firstWindow;
    ours[count++] = PeerSettings.MAX_HEADER_LIST_SIZE;
    ours[count++] = HeadReceiver.listSize(limits);
    if (takesExtendedConnect) {
      ours[count++] = PeerSettings.ENABLE_CONNECT_PROTOCOL;
      ours[count++] = 1;
    }
    frames.settings(ours, count);
    frames.windowUpdate(0, settings.connectionWindow() - PeerSettings.DEFAULT_WINDOW);
  }

  /** Takes all of {@code in}. */
  public void receive(ByteBuffer in) {
    int limit = in.limit();
    if (!over) {
      boolean wasInBlock = heads.inBlock();
      long endedBefore = reader.ended();
      try {
        reader.read(in);
        noteMidway(wasInBlock, endedBefore);
      } catch (ConnectionException e) {
        fail(e.code(), e.detail());
      }
    }
    in.limit(limit).position(limit);
  }

  /** The connection has ended or been lost: streams are told. Nothing more is put out. */
  public void lost(String detail) {
    if (!over) {
      stop();
      tellAll(ErrorCode.INTERNAL_ERROR, detail);
    }
  }

  /** The output has caught up: streams that wait for it go on, in turn. */
  public void drained() {
    if (!over) {
      sender.pump();
    }
  }

  /** Where the next head is written. */
  public HeadBlock block() {
    return block.clear();
  }

  /** Whether a stream may be opened now: the peer permits one more, and nobody is going away. */
  public boolean mayOpen() {
    return role == Role.CLIENT
        && !over
        && !draining
        && !peerIsGoing
        && nextId > 0
        && streams.size() < peer.streams();
  }

  /**
   * Opens a stream with this request (clients only); {@code ends} if that is all of it.
   *
   * @throws IllegalStateException if none {@link #mayOpen may be opened}
   */
  public Http2Stream open(HeadBlock request, boolean ends, Http2Stream.Receiver receiver) {
    if (!mayOpen()) {
      throw new IllegalStateException("no stream may be opened");
    }
    Http2Stream stream = newStream(nextId);
    nextId += 2;
    stream.receiver(receiver);
    stream.asked(request);
    stream.head(request, ends);
    return stream;
  }

  private Http2Stream newStream(int id) {
    ReceiveWindow receiving = new ReceiveWindow(firstWindow, newWindow());
    Http2Stream stream = new Http2Stream(this, id, buffers, receiving, peer.window());
    streams.add(stream);
    return stream;
  }

  /** What the peer may send on a new stream, as far as it can know. */
  private int newWindow() {
    return settingsKnown ? firstWindow : Math.max(firstWindow, PeerSettings.DEFAULT_WINDOW);
  }

  /** How many streams are open, of either side. */
  public int openStreams() {
    return streams.size();
  }

  /** Whether the peer's preface and first settings have come. */
  public boolean isEstablished() {
    return peer.haveCome();
  }

  /** Whether the peer has acknowledged our settings. */
  public boolean areSettingsKnown() {
    return settingsKnown;
  }

  /** Whether a head of the peer's has begun and not ended, or a frame has. */
  boolean isMidway() {
    return heads.inBlock() || reader.isMidway();
  }

  /**
   * Since when the peer owes us the rest of a head or of a frame, in milliseconds; {@link
   * Long#MAX_VALUE} if it does not. Content may come as slowly as its exchange suffers it.
   */
  public long midwaySince() {
    return midwaySince;
  }

  private void noteMidway(boolean wasInBlock, long endedBefore) {
    boolean midway = heads.inBlock() || (reader.isMidway() && !reader.isInContent());
    boolean same = wasInBlock ? heads.inBlock() : reader.ended() == endedBefore;
    if (!midway) {
      midwaySince = Long.MAX_VALUE;
    } else if (midwaySince == Long.MAX_VALUE || !same) {
      midwaySince = now.getAsLong();
    }
  }

  /** How many streams of ours the peer takes at once. */
  public int peerStreams() {
    return peer.streams();
  }

  /** Whether the peer takes an extended CONNECT (RFC 8441 §3). */
  public boolean peerTakesExtendedConnect() {
    return peer.extendedConnect();
  }

  /** Asks whether the peer is there; {@code answered} runs when it says so (RFC 9113 §6.7). */
  public void ping(Runnable answered) {
    pings.addLast(answered);
    frames.ping(pingPayload(pingsAnswered + pings.size()), false);
  }

  private static byte[] pingPayload(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  /**
   * Tells the peer to open no more streams; those under way go on (RFC 9113 §6.8). First said
   * without a last stream, then, once the peer has answered a PING, with it: none is lost that was
   * on its way.
   *
   * @param drained runs when the last stream is closed; at once if there is none
   */
  public void drain(Runnable drained) {
    if (over) {
      return;
    }
    this.drained = drained;
    if (!draining && streams.size() > 0) {
      frames.goAway(NO_LAST_STREAM, ErrorCode.NO_ERROR, "");
      ping(this::sayLastStream);
    }
    draining = true;
    endIfDrained();
  }

  /**
   * Does not wait any longer for the answer to the PING of {@link #drain}: names the last stream.
   */
  public void sayLastStream() {
    if (lastServed == NO_LAST_STREAM && !over) {
      lastServed = lastOpened;
      frames.goAway(lastOpened, ErrorCode.NO_ERROR, "");
    }
  }

  private void endIfDrained() {
    Runnable told = drained;
    if (told != null && streams.size() == 0 && !over) {
      sayLastStream();
      drained = null;
      told.run();
    }
  }

  /** Ends the connection with this error: streams are told, GOAWAY is put out. */
  public void fail(ErrorCode code, String detail) {
    if (over) {
      return;
    }
    failure = code;
    frames.goAway(lastOpened, code, detail);
    if (over) {
      return; // lost over it: whoever has said so knows
    }
    stop();
    tellAll(code, detail);
    owner.failed(code, detail);
  }

  /** Null until then: why the connection has failed. */
  @Nullable ErrorCode failure() {
    return failure;
  }

  private void stop() {
    over = true;
    frames.stop();
    reader.stop();
  }

  private void tellAll(ErrorCode code, String detail) {
    for (Http2Stream stream : streams.all()) {
      if (stream.isOpen()) {
        close(stream, ClosedStreams.End.RESET_BY_US);
        stream.receiver().reset(code, stream.id() > lastOfPeer, detail);
        owner.closed(stream);
      }
    }
  }

  // What streams do

  Sender sender() {
    return sender;
  }

  void putHead(Http2Stream stream, HeadBlock head, boolean ends) {
    frames.head(stream.id(), head, ends, peer.frame());
  }

  /** We have sent all of our message. */
  void ended(Http2Stream stream) {
    if (stream.isOpen() && !stream.hasEnded()) {
      stream.localEnd();
      closeIfEnded(stream);
    }
  }

  void resetByUs(Http2Stream stream, ErrorCode code) {
    if (stream.isOpen()) {
      frames.reset(stream.id(), code);
      if (close(stream, ClosedStreams.End.RESET_BY_US)) {
        isClosed(stream);
      }
    } else {
      stream.in().discard();
    }
  }

  /** So much of what came on a stream has been consumed. */
  void consumed(Http2Stream stream, int octets) {
    if (over || octets == 0 || !stream.isOpen() || stream.remoteEnded()) {
      return;
    }
    int given = stream.window().giveBack(octets);
    if (given > 0) {
      frames.windowUpdate(stream.id(), given + widen(stream));
    }
  }

  /**
   * A stream whose content is taken as it comes may send more of it at a time. So one that nobody
   * reads holds {@link #FIRST_WINDOW} at the most, and all of them together are bounded.
   */
  private int widen(Http2Stream stream) {
    int size = stream.window().size();
    int most = Math.min(size, Math.min(settings.streamWindow() - size, widening));
    int wider = stream.in().isEmpty() ? most : 0;
    stream.window().widen(wider);
    widening -= wider;
    return wider;
  }

  private void closeIfEnded(Http2Stream stream) {
    if (stream.isOpen() && stream.hasEnded() && stream.remoteEnded()) {
      close(stream, ClosedStreams.End.ENDED);
      if (stream.earns()) {
        floods.answered();
      }
      isClosed(stream);
    }
  }

  /**
   * Forgets a stream, before anybody is told; false if that has been done, as it is when the
   * connection is lost over what is put out.
   */
  private boolean close(Http2Stream stream, ClosedStreams.End end) {
    if (!stream.isOpen()) {
      return false;
    }
    stream.close(end != ClosedStreams.End.ENDED);
    streams.remove(stream);
    closed.add(stream.id(), end, stream.window().left());
    widening += stream.window().size() - firstWindow;
    sender.forget(stream.out());
    if (end != ClosedStreams.End.ENDED) {
      stream.in().discard();
    }
    return true;
  }

  private void isClosed(Http2Stream stream) {
    owner.closed(stream);
    endIfDrained();
  }

  // What the peer does

  @Nullable Http2Stream stream(int id) {
    return streams.get(id);
  }

  /** Whether a stream of this number has never been opened. */
  boolean isIdle(int id) {
    return (id & 1) == 0 || (role == Role.CLIENT ? nextId > 0 && id >= nextId : id > lastOpened);
  }

  /** Whether it is a stream that the peer has opened although we are going away. */
  boolean ignores(int id) {
    return role == Role.SERVER && id > lastServed && (id & 1) == 1;
  }

  void checkNotIdle(int id) throws ConnectionException {
    if (isIdle(id) && !ignores(id)) {
      throw ConnectionException.protocol("frame on a stream that was never opened");
    }
  }

  /** A head has come on an idle stream. */
  void checkOpening(int id) throws ConnectionException {
    if (role == Role.CLIENT || (id & 1) == 0) {
      throw ConnectionException.protocol("a stream that may not be opened");
    }
    lastOpened = id;
  }

  boolean isFull() {
    return streams.size() >= settings.maxConcurrentStreams();
  }

  /** Resets a stream that has been opened, but not for the owner. */
  void refuse(int id, ErrorCode code) throws ConnectionException {
    frames.reset(id, code);
    closed.add(id, ClosedStreams.End.RESET_BY_US, newWindow());
    if (code == ErrorCode.REFUSED_STREAM && !settingsKnown) {
      floods.dearFrame(); // it could not know the limit yet
    } else {
      floods.reset();
    }
  }

  void opened(int id, Http2Head head, long content, boolean ends) {
    Http2Stream stream = newStream(id);
    stream.headCame(content, "CONNECT".equals(head.method()));
    if (ends) {
      stream.remoteEnd();
    }
    start(stream, owner.opened(stream, head, ends));
  }

  /** Answered or not, such a request comes to nothing. */
  void openedTooLarge(int id, @Nullable String method, BadMessageException why, boolean ends)
      throws ConnectionException {
    floods.reset();
    Http2Stream stream = newStream(id);
    stream.earnNothing();
    stream.headCame(-1, false);
    stream.discard();
    if (ends) {
      stream.remoteEnd();
    }
    start(stream, owner.openedTooLarge(stream, method, why, ends));
  }

  /** Whoever opens a stream may have lost the connection over it. */
  private void start(Http2Stream stream, Http2Stream.Receiver receiver) {
    stream.receiver(receiver);
    if (over && !stream.hasEnded()) {
      receiver.reset(ErrorCode.INTERNAL_ERROR, false, "the connection has ended");
    }
  }

  void response(Http2Stream stream, Http2Head head, boolean ends) {
    if (ends) {
      stream.remoteEnd();
    }
    stream.receiver().head(head, ends);
    closeIfEnded(stream);
  }

  /** The peer has sent all of its message. */
  void remoteEnd(Http2Stream stream, Fields trailers) throws ConnectionException {
    if (stream.lacksContent()) {
      streamError(stream, ErrorCode.PROTOCOL_ERROR, "less content than Content-Length");
      return;
    }
    stream.remoteEnd();
    stream.in().end(trailers);
    closeIfEnded(stream);
  }

  /** The peer has broken the protocol on a stream (RFC 9113 §5.4.2). */
  void streamError(Http2Stream stream, ErrorCode code, String detail) throws ConnectionException {
    frames.reset(stream.id(), code);
    if (!close(stream, ClosedStreams.End.RESET_BY_US)) {
      return;
    }
    stream.receiver().reset(code, false, detail);
    isClosed(stream);
    if (role == Role.SERVER) {
      floods.reset();
    }
  }

  void resetByPeer(Http2Stream stream, ErrorCode code) throws ConnectionException {
    boolean answered = stream.hasEnded();
    if (role == Role.CLIENT && stream.remoteEnded() && code == ErrorCode.NO_ERROR) {
      close(stream, ClosedStreams.End.ENDED); // RFC 9113 §8.1: the response is whole
      stream.receiver().drained();
    } else {
      close(stream, ClosedStreams.End.RESET_BY_PEER);
      boolean untouched = role == Role.CLIENT && code == ErrorCode.REFUSED_STREAM;
      stream.receiver().reset(code, untouched, "reset by the peer");
    }
    isClosed(stream);
    if (role == Role.SERVER && !answered) {
      floods.reset();
    }
  }

  /**
   * Whether a head of a stream that is not there was on its way when we, as the client, reset it:
   * servers answer requests that clients cancel.
   */
  boolean awaitsLateHead(int id, int octets) {
    return role == Role.CLIENT
        && closed.of(id) == ClosedStreams.End.RESET_BY_US
        && closed.take(id, octets + DynamicTable.OVERHEAD);
  }

  /** A stream that is not there has been reset; at the same time as by us it may have been once. */
  void lateReset(int id) throws ConnectionException {
    checkNotIdle(id);
    if (closed.of(id) == ClosedStreams.End.RESET_BY_US) {
      closed.ended(id);
    } else {
      floods.idleFrame();
    }
  }

  /** A head has come for a stream that is not there any more. */
  void lateHead(int id) throws ConnectionException {
    switch (closed.of(id)) {
      case ENDED ->
          throw new ConnectionException(ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
      case RESET_BY_PEER -> refuse(id, ErrorCode.STREAM_CLOSED);
      case RESET_BY_US -> {}
      case UNKNOWN -> {
        if (role == Role.SERVER) {
          throw ConnectionException.protocol("numbers of streams that do not grow");
        }
      }
    }
  }

  /** A frame of content has come for a stream that is not there: some was on its way. */
  void lateData(int id, int octets) throws ConnectionException {
    checkNotIdle(id);
    switch (closed.of(id)) {
      case ENDED -> throw new ConnectionException(ErrorCode.STREAM_CLOSED, "DATA behind the end");
      case RESET_BY_PEER -> refuse(id, ErrorCode.STREAM_CLOSED);
      case RESET_BY_US -> {
        if (!closed.take(id, octets)) {
          throw new ConnectionException(
              ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window of a stream that was reset");
        }
      }
      case UNKNOWN -> floods.idleFrame();
    }
  }

  /** The peer has ended a stream that is not there any more. */
  void lateEnd(int id) {
    closed.ended(id);
  }

  /**
   * A frame with so much content begins. It is given back to the window of the connection as it
   * comes: what is not consumed is bounded for each stream, and holds up no other. There is always
   * room for a frame, as half a window is more.
   */
  void contentBegins(int octets) {
    arrived += octets;
    if (arrived >= settings.connectionWindow() / 2) {
      frames.windowUpdate(0, arrived);
      arrived = 0;
    }
  }

  void widen(int octets) throws ConnectionException {
    if (octets == 0) {
      throw ConnectionException.protocol("WINDOW_UPDATE of nothing");
    }
    if (!sender.widen(octets)) {
      throw new ConnectionException(ErrorCode.FLOW_CONTROL_ERROR, "window too large");
    }
  }

  void widen(Http2Stream stream, int octets) throws ConnectionException {
    if (sender.widen(stream.out(), octets)) {
      sender.pump();
    } else {
      streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, "window too large");
    }
  }

  void settingsCame(byte[] payload, int length) throws ConnectionException {
    int before = peer.window();
    peer.take(payload, length);
    if (peer.wantsSmallTable()) {
      block.tellThatTableIsEmpty();
    }
    for (Http2Stream stream : streams.all()) {
      if (!sender.widen(stream.out(), peer.window() - before)) {
        throw new ConnectionException(ErrorCode.FLOW_CONTROL_ERROR, "window too large");
      }
    }
    frames.acknowledgeSettings();
    sender.pump();
    owner.settingsCame();
  }

  /** The peer keeps to our settings from now on. */
  void settingsAcknowledged() {
    if (settingsKnown) {
      return;
    }
    settingsKnown = true;
    heads.tableIsKnown(settings.headerTableBytes());
    int shrunk = PeerSettings.DEFAULT_WINDOW - firstWindow;
    for (Http2Stream stream : streams.all()) {
      stream.window().shrink(Math.max(0, shrunk));
    }
  }

  void pingCame(byte[] payload, boolean isAnswer) {
    if (!isAnswer) {
      frames.ping(payload, true);
      return;
    }
    long number = ByteBuffer.wrap(payload, 0, 8).getLong();
    if (number == pingsAnswered + 1 && !pings.isEmpty()) {
      pingsAnswered++;
      pings.removeFirst().run();
    }
  }

  void goAwayCame(int last, ErrorCode code) throws ConnectionException {
    if (last > lastOfPeer) {
      throw ConnectionException.protocol("a last stream that grows");
    }
    lastOfPeer = last;
    peerIsGoing = true;
    owner.goingAway(code);
    for (Http2Stream stream : streams.all()) {
      if (role == Role.CLIENT && stream.id() > last && stream.isOpen()) {
        close(stream, ClosedStreams.End.RESET_BY_US);
        stream.receiver().reset(ErrorCode.REFUSED_STREAM, true, "the server is going away");
        isClosed(stream);
      }
    }
  }

  /** Answers that a peer does not read must not pile up. */
  void checkUnread() throws ConnectionException {
    if (frames.isUnread()) {
      throw ConnectionException.flood("answers are not read");
    }
  }
}
