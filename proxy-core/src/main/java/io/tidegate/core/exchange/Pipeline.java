package io.tidegate.core.exchange;

import io.tidegate.core.coding.Encoders;
import io.tidegate.core.connect.OwnListeners;
import io.tidegate.core.connect.UpstreamPool;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestHandler;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spool.Spool;
import io.tidegate.core.spool.Spools;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the exchanges on one IO thread share: each request gets a {@link ProxyExchange} of its own.
 */
public final class Pipeline implements RequestHandler {
  private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());

  private static final int MOST_OWN = 1024;

  private final IoLoop loop;
  private final UpstreamPool pool;
  private final OwnListeners ownListeners;
  private final Spools spools;
  private final Supplier<Snapshot> current;
  private final Encoders encoders = new Encoders();
  private boolean stopped;
  private final Traffic traffic = new Traffic();

  /** What is under way without a client who would end it. */
  private final Set<CacheFill> fills = ConcurrentHashMap.newKeySet();

  private final Set<ProxyExchange> own = new HashSet<>();

  /**
   * A pipeline on the thread of {@code loop}.
   *
   * @param spools where content is buffered
   * @param current what an exchange that begins now decides by
   */
  public Pipeline(
      IoLoop loop,
      UpstreamPool pool,
      OwnListeners ownListeners,
      Spools spools,
      Supplier<Snapshot> current) {
    this.loop = loop;
    this.pool = pool;
    this.ownListeners = ownListeners;
    this.spools = spools;
    this.current = current;
  }

  @Override
  public void request(ClientExchange client, RequestHead head) {
    new ProxyExchange(this, current.get(), client).start(head);
  }

  @Override
  public Direction direction() {
    return plugins().direction();
  }

  @Override
  public boolean authenticates() {
    return plugins().authenticator() != null;
  }

  /** The question is about the client alone, so the request is one for no server in particular. */
  @Override
  public void authenticate(
      ClientExchange client, Fields credentials, Completion<Identity> completion) {
    ClientRequest asked =
        new ClientRequest(
            new RequestHead("OPTIONS", "*", HttpVersion.HTTP_1_1, credentials),
            new RequestTarget.AsteriskForm(),
            client.isSecure() ? "https" : "http",
            new Authority("", -1),
            client.isSecure(),
            client.clientAddress(),
            client.localAddress(),
            client.certificates(),
            null);
    try {
      Objects.requireNonNull(plugins().authenticator()).authenticate(asked, completion);
    } catch (RuntimeException | Error e) {
      completion.failed(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    }
  }

  @Override
  public @Nullable DestinationResolver passthrough(String serverName) {
    return plugins().resolver().passthrough(serverName);
  }

  @Override
  public void refuse(ClientExchange client, Failure failure) {
    new ProxyExchange(this, current.get(), client).refuse(failure);
  }

  /** Whether anybody reads what is on its way into the store; on any thread. */
  public boolean isFillRead() {
    return fills.stream().anyMatch(CacheFill::isRead);
  }

  /**
   * Ends what is under way without a client, and the loop. Others may share the store: nothing may
   * stay there that will never be complete, and nobody may wait for an answer that will never come.
   */
  public void stop() {
    stopped = true;
    List.copyOf(fills).forEach(fill -> end(fill::giveUp));
    List.copyOf(own).forEach(exchange -> end(exchange::clientGone));
    pool.closeIdle();
    encoders.close();
    loop.close();
  }

  private static void end(Runnable ending) {
    try {
      ending.run();
    } catch (Throwable e) { // the others have to end all the same
      LOG.log(Level.ERROR, "an exchange could not be ended for an internal error", e);
    }
  }

  void began(CacheFill fill) {
    fills.add(fill);
  }

  void ended(CacheFill fill) {
    fills.remove(fill);
  }

  /** An exchange of our own has begun. */
  void began(ProxyExchange exchange) {
    own.add(exchange);
  }

  void ended(ProxyExchange exchange) {
    own.remove(exchange);
  }

  /** Whether one more exchange of our own, which nobody waits for, may begin. */
  boolean hasRoom() {
    return own.size() < MOST_OWN;
  }

  /** The loop. */
  public IoLoop loop() {
    return loop;
  }

  /** The upstream connections of this thread. */
  public UpstreamPool pool() {
    return pool;
  }

  /** Where the proxy can be reached itself. */
  OwnListeners ownListeners() {
    return ownListeners;
  }

  /** The requests of this thread, as numbers. */
  public Traffic traffic() {
    return traffic;
  }

  /** The encoders of this thread. */
  Encoders encoders() {
    return encoders;
  }

  /** Whether nobody would end what begins from now on. */
  boolean isStopped() {
    return stopped;
  }

  /** Content to keep on this thread; the arguments as there. */
  Spool spool(long memoryBytes, long fileBytes, boolean passing, Spool.Owner owner) {
    return new Spool(spools, loop.buffers(), loop::later, memoryBytes, fileBytes, passing, owner);
  }

  private Plugins plugins() {
    return current.get().plugins();
  }
}
