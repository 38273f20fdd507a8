package io.tidegate.forward.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Upstreams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParentChecksTest {
  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final Parent PARENT =
      new Parent(Parent.Kind.HTTPS, "parent.example", 3128, null, null);

  private final ParentHealth health = new ParentHealth(1000, 1000, () -> 0);
  private final Network network = new Network();
  private final ParentChecks checks =
      new ParentChecks(List.of(new ParentGroup.Member(PARENT, health)), INTERVAL);

  @Test
  void aParentIsTriedAtOnceAndAfterEachInterval() {
    checks.start(network);
    for (int i = 0; i < 3; i++) {
      network.asked().completed(Destination.relay(PARENT, null));
      assertFalse(health.isLeftOut());
      network.tick();
    }
  }

  @Test
  void oneThatCannotBeReachedIsLeftOutUntilItCan() {
    checks.start(network);
    network.asked().failed(Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
    assertTrue(health.isLeftOut());
    network.tick();
    network.asked().completed(Destination.relay(PARENT, null));
    assertFalse(health.isLeftOut());
  }

  @Test
  void nothingIsTriedAfterTheEnd() {
    checks.start(network);
    checks.stop();
    assertNull(network.asked);
    checks.start(network);
    network.asked().completed(Destination.relay(PARENT, null));
    checks.stop();
    assertNull(network.next);
  }

  @Test
  void nothingIsTriedAfterTheEndIfTheAnswerCameAtOnce() {
    network.atOnce = true;
    checks.start(network);
    assertNotNull(network.next);
    checks.stop();
    assertNull(network.next);
  }

  /** One parent proxy, which answers when the test says so. */
  private static final class Network implements Upstreams {
    private @Nullable Completion<Destination> asked;
    private @Nullable Runnable next;
    private boolean atOnce;

    Completion<Destination> asked() {
      Completion<Destination> completion = Objects.requireNonNull(asked);
      asked = null;
      return completion;
    }

    void tick() {
      Runnable due = next;
      assertNotNull(due);
      next = null;
      due.run();
    }

    @Override
    public void run(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
      assertEquals(INTERVAL, delay);
      next = task;
      return () -> next = null;
    }

    @Override
    public void addresses(String host, Completion<List<InetAddress>> completion) {
      throw new AssertionError("no addresses were to be looked up");
    }

    @Override
    public Runnable reach(
        Destination destination, Duration timeout, Completion<Destination> completion) {
      assertEquals("https://parent.example:3128", destination.toString());
      asked = completion;
      if (atOnce) {
        asked().completed(destination);
      }
      return () -> asked = null;
    }

    @Override
    public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
      throw new AssertionError("nothing was to be asked");
    }
  }
}
