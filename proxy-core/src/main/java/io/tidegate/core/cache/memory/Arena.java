package io.tidegate.core.cache.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Memory outside the heap, handed out in runs of units. It grows in slabs and never shrinks, so
 * that what the process occupies follows from the most that was in use at once.
 */
final class Arena {
  /** What memory is counted in, in octets. */
  static final int UNIT = 1 << 10;

  private static final int SLAB_UNITS = 1 << 10;

  /** Octets that lie in a row, up to {@code capacity}. */
  record Extent(Slab slab, int firstUnit, int units) {
    int capacity() {
      return units * UNIT;
    }

    /** The octets from {@code from} to {@code to}, as a buffer of its own. */
    ByteBuffer slice(int from, int to) {
      return slab.octets.slice(firstUnit * UNIT + from, to - from);
    }
  }

  private static final class Slab {
    private final ByteBuffer octets = ByteBuffer.allocateDirect(SLAB_UNITS * UNIT);
    private final BitSet used = new BitSet(SLAB_UNITS);
    private int free = SLAB_UNITS;
  }

  private final List<Slab> slabs = new ArrayList<>();
  private long usedUnits;

  /** Where the search begins: the slab that had room last. */
  private int next;

  /** A run of at least one octet; shorter than {@code octets} if no slab has so much in a row. */
  synchronized Extent allocate(int octets) {
    int wanted = Math.min(SLAB_UNITS, Math.max(1, (octets + UNIT - 1) / UNIT));
    Extent best = null;
    for (int i = 0; i < slabs.size(); i++) {
      int index = (next + i) % slabs.size();
      Slab slab = slabs.get(index);
      Extent found = slab.free == 0 ? null : longest(slab, wanted);
      if (found != null && (best == null || found.units > best.units)) {
        best = found;
        if (best.units == wanted) {
          next = index;
          break;
        }
      }
    }
    if (best == null || best.units < Math.min(wanted, WORTHWHILE)) {
      next = slabs.size();
      slabs.add(new Slab());
      best = new Extent(slabs.get(next), 0, wanted);
    }
    best.slab.used.set(best.firstUnit, best.firstUnit + best.units);
    best.slab.free -= best.units;
    usedUnits += best.units;
    return best;
  }

  /** So many units in a row are taken although more were wanted. */
  private static final int WORTHWHILE = 16;

  /** The first run of {@code wanted} free units, or the longest if there is none. */
  private static Extent longest(Slab slab, int wanted) {
    int from = 0;
    int units = 0;
    for (int start = slab.used.nextClearBit(0); start < SLAB_UNITS; ) {
      int used = slab.used.nextSetBit(start);
      int end = used < 0 ? SLAB_UNITS : used;
      if (end - start > units) {
        from = start;
        units = Math.min(end - start, wanted);
        if (units == wanted) {
          break;
        }
      }
      start = slab.used.nextClearBit(end);
    }
    return new Extent(slab, from, units);
  }

  /** Takes back the units of {@code extent} behind its first {@code octets}; what it is then. */
  synchronized Extent trim(Extent extent, int octets) {
    int kept = (octets + UNIT - 1) / UNIT;
    giveBack(extent.slab, extent.firstUnit + kept, extent.units - kept);
    return new Extent(extent.slab, extent.firstUnit, kept);
  }

  /** Takes back a whole extent, which nobody may use any more. */
  synchronized void free(Extent extent) {
    giveBack(extent.slab, extent.firstUnit, extent.units);
  }

  private void giveBack(Slab slab, int from, int units) {
    slab.used.clear(from, from + units);
    slab.free += units;
    usedUnits -= units;
  }

  /** How many octets are handed out. */
  synchronized long used() {
    return usedUnits * UNIT;
  }

  /** How many octets the arena occupies. */
  synchronized long size() {
    return (long) slabs.size() * SLAB_UNITS * UNIT;
  }
}
