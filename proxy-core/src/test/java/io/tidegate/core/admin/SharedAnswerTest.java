package io.tidegate.core.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that those share who ask within a second. */
@Timeout(30)
class SharedAnswerTest {
  private static final AdminRequest ASKED = new AdminRequest(Map.of(), "");
  private static final long SECOND = 1_000_000_000;

  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // it may overflow
  private final AtomicLong made = new AtomicLong();

  @AfterEach
  void end() {
    other.shutdownNow();
  }

  @Test
  void itIsMadeOnceASecondAtMost() {
    SharedAnswer shared = new SharedAnswer(asked -> made.incrementAndGet(), now::get);
    assertEquals(1L, shared.answer(ASKED));
    now.addAndGet(SECOND - 1);
    assertEquals(1L, shared.answer(ASKED));
    now.incrementAndGet();
    assertEquals(2L, shared.answer(ASKED));
    assertEquals(2L, shared.answer(ASKED));
  }

  @Test
  void whileItIsMadeOthersGetTheLastOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SharedAnswer shared =
        new SharedAnswer(
            asked -> {
              if (made.incrementAndGet() == 2) {
                begun.countDown();
                await(goOn);
              }
              return made.get();
            },
            now::get);
    assertEquals(1L, shared.answer(ASKED));
    now.addAndGet(SECOND);
    Future<Object> slow = other.submit(() -> shared.answer(ASKED));
    begun.await();
    assertEquals(1L, shared.answer(ASKED));
    goOn.countDown();
    assertEquals(2L, slow.get(10, TimeUnit.SECONDS));
    assertEquals(2L, shared.answer(ASKED));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFailureIsNotShared() {
    SharedAnswer shared =
        new SharedAnswer(
            asked -> {
              if (made.incrementAndGet() == 1) {
                throw AdminException.notFound("not yet");
              }
              return made.get();
            },
            now::get);
    assertThrows(AdminException.class, () -> shared.answer(ASKED));
    assertEquals(2L, shared.answer(ASKED));
  }
}
