package io.tidegate.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
  private DaemonThreads threads = new DaemonThreads("tidegate-test", 1, 1);

  @AfterEach
  void shutDown() {
    threads.shutdown();
  }

  private static Thread thread(Runnable task, boolean scarce) {
    if (scarce) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return new Thread(task);
  }

  @Test
  void theyAreNumberedAndKeepNoProgramFromItsEnd() {
    CompletableFuture<Thread> on = new CompletableFuture<>();
    threads.execute(() -> on.complete(Thread.currentThread()));
    Thread thread = on.orTimeout(10, TimeUnit.SECONDS).join();
    assertEquals("tidegate-test-1", thread.getName());
    assertTrue(thread.isDaemon());
  }

  @Test
  void whatThereIsNoRoomForIsRejected() {
    CountDownLatch over = new CountDownLatch(1);
    threads.execute(() -> await(over));
    threads.execute(() -> {});
    assertThrows(RejectedExecutionException.class, () -> threads.execute(() -> {}));
    over.countDown();
  }

  private static void await(CountDownLatch over) {
    try {
      assertTrue(over.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aThreadThatCannotBeMadeIsARejectionAndTheTaskIsNotRunLater() {
    threads.shutdown();
    boolean[] scarce = {true};
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> second = new CompletableFuture<>();
    threads = new DaemonThreads(task -> thread(task, scarce[0]), 1, 1);
    assertThrows(
        RejectedExecutionException.class, () -> threads.execute(() -> first.complete(null)));
    scarce[0] = false;
    threads.execute(() -> second.complete(null));
    second.orTimeout(10, TimeUnit.SECONDS).join();
    assertEquals(false, first.isDone());
  }
}
