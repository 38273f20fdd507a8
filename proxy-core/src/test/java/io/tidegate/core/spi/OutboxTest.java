package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final System.Logger LOG = System.getLogger(OutboxTest.class.getName());

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Outbox outbox = new Outbox(new Guard(LOG, Level.DEBUG, "as it should"));

  private void add(String word) {
    outbox.add(() -> told.add(word));
  }

  @Test
  void nothingIsToldBeforeItIsDelivered() {
    add("a");
    assertEquals(List.of(), told);
    outbox.deliver();
    assertEquals(List.of("a"), told);
  }

  @Test
  void whatIsAddedWhileSomethingIsToldComesAfterIt() {
    outbox.add(
        () -> {
          add("c");
          outbox.deliver();
          told.add("a");
        });
    add("b");
    outbox.deliver();
    assertEquals(List.of("a", "b", "c"), told);
  }

  @Test
  void anotherThreadLeavesItToTheOneThatIsTelling() {
    outbox.add(
        () -> {
          add("b");
          CompletableFuture.runAsync(outbox::deliver).orTimeout(10, TimeUnit.SECONDS).join();
          told.add("a");
        });
    outbox.deliver();
    assertEquals(List.of("a", "b"), told);
  }

  @Test
  void whateverATaskThrowsTheNextOneIsTold() {
    outbox.add(
        () -> {
          throw new IllegalStateException("no");
        });
    outbox.add(
        () -> {
          throw new NoClassDefFoundError("gone");
        });
    add("a");
    outbox.deliver();
    add("b");
    outbox.deliver();
    assertEquals(List.of("a", "b"), told);
  }
}
