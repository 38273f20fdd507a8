package io.tidegate.forward.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ParentHealthTest {
  private long now = Long.MAX_VALUE - 5; // it may overflow, as that of System may
  private final ParentHealth health = new ParentHealth(10, 35, () -> now);

  /** How long it is left out from now on. */
  private long pause() {
    long from = now;
    while (health.isLeftOut()) {
      now++;
    }
    return now - from;
  }

  @Test
  void aParentThatHasNotFailedIsNotLeftOut() {
    assertFalse(health.isLeftOut());
    health.succeeded();
    assertFalse(health.isLeftOut());
  }

  @Test
  void theTimeItIsLeftOutDoublesUpToTheLongest() {
    for (long expected : new long[] {10, 20, 35, 35}) {
      health.failed();
      assertEquals(expected, pause());
    }
  }

  @Test
  void failuresWhileItIsLeftOutAreOneFailure() {
    health.failed();
    now += 9;
    health.failed();
    assertEquals(1, pause());
    health.failed();
    assertEquals(20, pause());
  }

  @Test
  void aSuccessMakesUpForAllFailures() {
    health.failed();
    pause();
    health.failed();
    assertTrue(health.isLeftOut());
    health.succeeded();
    assertFalse(health.isLeftOut());
    health.failed();
    assertEquals(10, pause());
  }

  @Test
  void afterThePauseOneTriesForAll() {
    health.failed();
    assertFalse(health.mayTry());
    pause();
    assertTrue(health.mayTry());
    assertFalse(health.mayTry());
    health.succeeded();
    assertTrue(health.mayTry());
    assertTrue(health.mayTry());
  }

  @Test
  void ifTheOneFailsTheOthersWaitOn() {
    health.failed();
    pause();
    assertTrue(health.mayTry());
    health.failed();
    assertFalse(health.mayTry());
    assertEquals(20, pause());
  }

  @Test
  void ifTheOneLearnsNothingTheNextTries() {
    health.failed();
    pause();
    assertTrue(health.mayTry());
    health.learntNothing();
    assertTrue(health.mayTry());
    assertFalse(health.mayTry());
  }

  @Test
  void ifTheOneIsNeverHeardOfAgainAnotherTriesAfterAPause() {
    health.failed();
    pause();
    assertTrue(health.mayTry());
    now += 9;
    assertFalse(health.mayTry());
    now++;
    assertTrue(health.mayTry());
  }
}
