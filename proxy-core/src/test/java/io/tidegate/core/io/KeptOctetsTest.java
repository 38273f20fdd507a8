package io.tidegate.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeptOctetsTest {
  private final BufferPool pool = new BufferPool(4);
  private final KeptOctets kept = new KeptOctets(pool);

  private void add(int from, int to) {
    ByteBuffer octets = ByteBuffer.allocate(to - from);
    for (int i = from; i < to; i++) {
      octets.put((byte) i);
    }
    kept.add(octets.flip());
    assertTrue(!octets.hasRemaining());
  }

  @Test
  void octetsMoveInOrderAsFarAsThereIsRoom() {
    add(0, 6);
    ByteBuffer to = ByteBuffer.allocate(5);
    assertEquals(5, kept.moveTo(to));
    assertEquals(1, kept.size());
    assertEquals(0, kept.moveTo(to));
    add(6, 9);
    to.clear();
    assertEquals(4, kept.moveTo(to));
    assertEquals(ByteBuffer.wrap(new byte[] {5, 6, 7, 8}), to.flip());
    assertTrue(kept.isEmpty());
    assertEquals(0, pool.lent());
  }

  @Test
  void theLastBufferIsFilledUpBeforeAnotherOneIsTaken() {
    add(0, 3);
    add(3, 4);
    assertEquals(1, pool.lent());
    add(4, 5);
    assertEquals(2, pool.lent());
  }

  @Test
  void whatIsForgottenIsGivenBack() {
    add(0, 9);
    assertEquals(3, pool.lent());
    kept.clear();
    assertEquals(0, pool.lent());
    assertEquals(0, kept.size());
  }
}
