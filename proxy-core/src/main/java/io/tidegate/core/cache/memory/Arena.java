package io.tidegate.core.cache.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap, handed out in runs of units. It grows in slabs and never shrinks, so
 * that what the process occupies follows from the most that was in use at once.
 */
final class Arena {
  /** There is no memory left, and none to be had. */
  static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExhaustedException() {
      super("no memory is left outside the heap", null, false, false);
    }
  }

  /** What memory is counted in, in octets. */
  static final int UNIT = 1 << 10;

  private static final int SLAB_UNITS = 1 << 10;
  private static final int SLAB = SLAB_UNITS * UNIT;

  /** So many units in a row are taken although more were wanted. */
  private static final int WORTHWHILE = 16;

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
    private final ByteBuffer octets;
    private final BitSet used = new BitSet(SLAB_UNITS);

    /** No run of free units is longer: so a slab in which nothing will be found is not searched. */
    private int longest = SLAB_UNITS;

    Slab(ByteBuffer octets) {
      this.octets = octets;
    }
  }

  private long ample;
  private final IntFunction<ByteBuffer> memory;
  private final List<Slab> slabs = new ArrayList<>();
  private long usedUnits;
  private boolean spent;

  /** Where the search begins: the slab that had room last. */
  private int next;

  /** An arena that, from {@code ample} octets on, grows only when all of it is in use. */
  Arena(long ample) {
    this(ample, ByteBuffer::allocateDirect);
  }

  /** An arena that takes its slabs from {@code memory}. */
  Arena(long ample, IntFunction<ByteBuffer> memory) {
    this.ample = ample;
    this.memory = memory;
  }

  /** From {@code octets} on, it grows only when all of it is in use; it does not shrink. */
  synchronized void ample(long octets) {
    ample = octets;
  }

  /**
   * A run of at least one octet; shorter than {@code octets} if no slab has so much in a row.
   *
   * @throws ExhaustedException if there is none
   */
  synchronized Extent allocate(int octets) {
    int wanted = Math.min(SLAB_UNITS, Math.max(1, (octets + UNIT - 1) / UNIT));
    Extent run = find(wanted, Math.min(wanted, WORTHWHILE));
    if (run == null && (size() < ample || used() == size()) && grow()) {
      run = find(wanted, wanted);
    }
    if (run == null) {
      run = find(wanted, 1);
    }
    if (run == null) {
      throw new ExhaustedException();
    }
    run.slab.used.set(run.firstUnit, run.firstUnit + run.units);
    usedUnits += run.units;
    return run;
  }

  /** The first run of {@code wanted} units, or of {@code enough} if a slab has no more. */
  private @Nullable Extent find(int wanted, int enough) {
    for (int i = 0; i < slabs.size(); i++) {
      int index = (next + i) % slabs.size();
      Slab slab = slabs.get(index);
      if (slab.longest >= enough) {
        Extent found = longest(slab, wanted);
        if (found.units >= enough) {
          next = index;
          return found;
        }
        slab.longest = found.units;
      }
    }
    return null;
  }

  /**
   * Adds a slab, unless there was no memory for one before: Java looks for some for half a second
   * before it says so, which is too long to be done twice on an IO thread.
   */
  private boolean grow() {
    if (spent) {
      return false;
    }
    try {
      slabs.add(new Slab(memory.apply(SLAB)));
      next = slabs.size() - 1;
      return true;
    } catch (OutOfMemoryError e) {
      spent = true;
      return false;
    }
  }

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
    int first = from == 0 ? 0 : slab.used.previousSetBit(from - 1) + 1;
    int used = slab.used.nextSetBit(from);
    slab.longest = Math.max(slab.longest, (used < 0 ? SLAB_UNITS : used) - first);
    usedUnits -= units;
  }

  /** How many octets are handed out. */
  synchronized long used() {
    return usedUnits * UNIT;
  }

  /** How many octets the arena occupies. */
  synchronized long size() {
    return (long) slabs.size() * SLAB;
  }

  /** Whether all is handed out, and there is no more. */
  synchronized boolean isExhausted() {
    return spent && used() == size();
  }
}
