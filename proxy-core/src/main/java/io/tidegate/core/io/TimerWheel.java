package io.tidegate.core.io;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one IO thread, kept in slots a tenth of a second wide: coarse, but without any
 * cost per request. Time is in milliseconds of an arbitrary origin and is passed in.
 *
 * <p>Putting a deadline off only changes a number. When the wheel comes to the slot where the
 * deadline was first put, it moves on to where it is due by then.
 */
public final class TimerWheel {
  private static final System.Logger LOG = System.getLogger(TimerWheel.class.getName());

  /** The width of a slot, in milliseconds. */
  public static final int TICK = 100;

  private static final int SLOTS = 1024;
  private static final long NEVER = Long.MAX_VALUE;

  private final @Nullable Deadline[] slots = new Deadline[SLOTS];
  private long tick;

  /** A wheel that starts at {@code now}. */
  public TimerWheel(long now) {
    this.tick = now / TICK;
  }

  /** Expires what is due at {@code now}. */
  public void advance(long now) {
    long last = now / TICK;
    long first = Math.max(tick + 1, last - SLOTS + 1);
    for (long t = first; t <= last; t++) {
      tick = t;
      visit((int) (t % SLOTS), now);
    }
  }

  private void visit(int slot, long now) {
    Deadline deadline;
    while ((deadline = slots[slot]) != null) {
      remove(deadline);
      if (deadline.at <= now) {
        deadline.at = NEVER;
        expire(deadline);
      } else if (deadline.at != NEVER) {
        insert(deadline); // never into this slot: see the bounds there
      }
    }
  }

  private static void expire(Deadline deadline) {
    try {
      deadline.expired();
    } catch (Throwable e) {
      LOG.log(
          Level.ERROR,
          "a deadline failed for an internal error",
          e); // the others come all the same
    }
  }

  private void insert(Deadline deadline) {
    long due = deadline.at / TICK + 1;
    long t = Math.min(Math.max(due, tick + 1), tick + SLOTS - 1);
    int slot = (int) (t % SLOTS);
    Deadline head = slots[slot];
    deadline.slotTime = t * TICK;
    deadline.next = head;
    deadline.previous = null;
    if (head != null) {
      head.previous = deadline;
    }
    slots[slot] = deadline;
  }

  private void remove(Deadline deadline) {
    if (deadline.slotTime == NEVER) {
      return;
    }
    Deadline previous = deadline.previous;
    Deadline next = deadline.next;
    if (previous != null) {
      previous.next = next;
    } else {
      slots[(int) (deadline.slotTime / TICK % SLOTS)] = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    deadline.previous = null;
    deadline.next = null;
    deadline.slotTime = NEVER;
  }

  /** Something that happens unless it is put off in time. For the thread of its wheel. */
  public abstract static class Deadline {
    private @Nullable Deadline next;
    private @Nullable Deadline previous;
    private long at = NEVER;
    private long slotTime = NEVER;

    /** The time has come. The deadline is not set any more. */
    protected abstract void expired();

    /** Sets or moves the deadline to {@code at}. */
    public final void set(TimerWheel wheel, long at) {
      this.at = at;
      if (slotTime == NEVER || at + TICK < slotTime) {
        wheel.remove(this);
        wheel.insert(this);
      }
    }

    /** Takes the deadline back; cheap, and good before it is set again. */
    public final void suspend() {
      at = NEVER;
    }

    /** Takes the deadline back and lets go of it. */
    public final void cancel(TimerWheel wheel) {
      at = NEVER;
      wheel.remove(this);
    }
  }
}
