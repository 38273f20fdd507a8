package io.tidegate.core.cache.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArenaTest {
  private static final int SLAB = 1 << 20;

  private final Arena arena = new Arena(Long.MAX_VALUE);

  @ParameterizedTest
  @CsvSource({"0, 1024", "1, 1024", "1024, 1024", "1025, 2048", "1048576, 1048576"})
  void whatIsHandedOutIsRoundedUpToUnits(int wanted, int capacity) {
    assertEquals(capacity, arena.allocate(wanted).capacity());
    assertEquals(capacity, arena.used());
  }

  @Test
  void moreThanASlabIsHandedOutInPieces() {
    assertEquals(SLAB, arena.allocate(3 * SLAB).capacity());
    assertEquals(SLAB, arena.size());
  }

  @Test
  void whatIsFreedIsHandedOutAgain() {
    List<Arena.Extent> all = new ArrayList<>();
    for (int i = 0; i < 1024; i++) {
      all.add(arena.allocate(1024));
    }
    all.forEach(arena::free);
    assertEquals(0, arena.used());
    assertEquals(SLAB, arena.allocate(SLAB).capacity());
    assertEquals(SLAB, arena.size());
  }

  @Test
  void anExtentKeepsWhatItIsTrimmedTo() {
    Arena.Extent extent = arena.allocate(SLAB);
    assertEquals(2048, arena.trim(extent, 1025).capacity());
    assertEquals(2048, arena.used());
    assertEquals(SLAB - 2048, arena.allocate(SLAB - 2048).capacity());
    assertEquals(SLAB, arena.size());
  }

  @Test
  void aShorterRunIsTakenBeforeTheArenaGrows() {
    Arena.Extent first = arena.allocate(20 << 10);
    arena.allocate(SLAB - (20 << 10));
    arena.free(first);
    assertEquals(20 << 10, arena.allocate(64 << 10).capacity());
    assertEquals(SLAB, arena.size());
  }

  @Test
  void scrapsAreLeftForThoseWhoNeedNoMore() {
    Arena.Extent first = arena.allocate(15 << 10);
    arena.allocate(SLAB - (15 << 10));
    arena.free(first);
    assertEquals(64 << 10, arena.allocate(64 << 10).capacity());
    assertEquals(2 * SLAB, arena.size());
    assertEquals(15 << 10, arena.allocate(15 << 10).capacity());
    assertEquals(2 * SLAB, arena.size());
  }

  @Test
  void theNextRunThatIsWorthwhileIsTaken() {
    Arena.Extent first = arena.allocate(64 << 10);
    arena.allocate(SLAB - (64 << 10));
    Arena.Extent second = arena.allocate(20 << 10);
    arena.allocate(SLAB - (20 << 10));
    arena.free(first);
    arena.free(second);
    assertEquals(20 << 10, arena.allocate(64 << 10).capacity());
    assertEquals(64 << 10, arena.allocate(64 << 10).capacity());
    assertEquals(2 * SLAB, arena.size());
  }

  @Test
  void anArenaThatIsAmpleGrowsOnlyWhenAllOfItIsInUse() {
    Arena small = new Arena(SLAB);
    List<Arena.Extent> all = new ArrayList<>();
    for (int i = 0; i < 1024; i++) {
      all.add(small.allocate(1024));
    }
    for (int i = 0; i < 1024; i += 2) {
      small.free(all.get(i));
    }
    for (int i = 0; i < 512; i++) {
      assertEquals(1024, small.allocate(64 << 10).capacity());
    }
    assertEquals(SLAB, small.size());
    assertEquals(64 << 10, small.allocate(64 << 10).capacity());
    assertEquals(2 * SLAB, small.size());
  }

  @Test
  void whatIsFreedInPiecesIsHandedOutWhole() {
    List<Arena.Extent> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(arena.allocate(16 << 10));
    }
    arena.free(all.get(7));
    assertEquals(16 << 10, arena.allocate(48 << 10).capacity());
    for (int i : new int[] {21, 23, 22}) {
      arena.free(all.get(i));
    }
    assertEquals(48 << 10, arena.allocate(48 << 10).capacity());
    assertEquals(SLAB, arena.size());
  }

  @Test
  void withoutMoreMemoryAnArenaHandsOutWhatItHas() {
    AtomicInteger asked = new AtomicInteger();
    Arena one = new Arena(Long.MAX_VALUE, octets -> slab(octets, asked.incrementAndGet(), 1));
    one.allocate(SLAB - 1024);
    assertFalse(one.isExhausted());
    assertEquals(1024, one.allocate(SLAB).capacity());
    assertTrue(one.isExhausted());
    assertThrows(Arena.ExhaustedException.class, () -> one.allocate(1));
    assertEquals(2, asked.get()); // not again when it was refused
  }

  private static ByteBuffer slab(int octets, int turn, int slabs) {
    if (turn > slabs) {
      throw new OutOfMemoryError("Cannot reserve memory");
    }
    return ByteBuffer.allocate(octets);
  }

  @Test
  void noTwoExtentsShareAnOctet() {
    Random random = new Random(1);
    List<Arena.Extent> held = new ArrayList<>();
    List<Integer> marks = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      if (held.size() > 200 || (!held.isEmpty() && random.nextInt(3) == 0)) {
        int which = random.nextInt(held.size());
        check(held.get(which), marks.remove(which));
        arena.free(held.remove(which));
      } else {
        Arena.Extent extent = arena.allocate(random.nextInt(40_000));
        fill(extent, i);
        held.add(extent);
        marks.add(i);
      }
    }
    for (int i = 0; i < held.size(); i++) {
      check(held.get(i), marks.get(i));
    }
    assertTrue(arena.size() <= 8L * SLAB, () -> "grown to " + arena.size());
  }

  private static void fill(Arena.Extent extent, int mark) {
    ByteBuffer octets = extent.slice(0, extent.capacity());
    while (octets.hasRemaining()) {
      octets.putInt(mark);
    }
  }

  private static void check(Arena.Extent extent, int mark) {
    ByteBuffer octets = extent.slice(0, extent.capacity());
    while (octets.hasRemaining()) {
      assertEquals(mark, octets.getInt());
    }
  }
}
