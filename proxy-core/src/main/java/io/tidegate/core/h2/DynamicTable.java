package io.tidegate.core.h2;

/**
 * The fields that a peer has told us to remember (RFC 7541 §2.3.2), the newest one numbered 0.
 * Their octets lie in a ring that is made when the first one comes.
 */
final class DynamicTable {
  /** What an entry counts beside its octets (RFC 7541 §4.1). */
  static final int OVERHEAD = 32;

  private static final byte[] NO_OCTETS = {};
  private static final int[] NO_ENTRIES = {};

  private final int most;
  private byte[] ring = NO_OCTETS;

  /** For each entry in its slot: where it starts in the ring, and the lengths of name and value. */
  private int[] starts = NO_ENTRIES;

  private int[] names = NO_ENTRIES;
  private int[] values = NO_ENTRIES;
  private int next;
  private int count;
  private int size;
  private int capacity;

  /** An empty table that is never larger than {@code most}. */
  DynamicTable(int most, int capacity) {
    this.most = most;
    this.capacity = capacity;
  }

  int count() {
    return count;
  }

  /** The octets of all entries, and what they count beside. */
  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  /** Changes the capacity; the oldest entries go until the others fit. */
  void capacity(int wanted) {
    capacity = wanted;
    evict(0);
  }

  /** Adds an entry; one that is larger than the table leaves it empty (RFC 7541 §4.4). */
  void add(byte[] octets, int name, int nameEnd, int value, int valueEnd) {
    int entry = nameEnd - name + valueEnd - value + OVERHEAD;
    evict(entry);
    if (entry > capacity) {
      return;
    }
    if (ring.length == 0) {
      ring = new byte[most];
      starts = new int[most / OVERHEAD];
      names = new int[most / OVERHEAD];
      values = new int[most / OVERHEAD];
    }
    int start = end();
    int slot = next;
    next = next + 1 == starts.length ? 0 : next + 1;
    starts[slot] = start;
    names[slot] = nameEnd - name;
    values[slot] = valueEnd - value;
    put(octets, name, nameEnd - name, start);
    put(octets, value, valueEnd - value, wrap(start + nameEnd - name));
    count++;
    size += entry;
  }

  int nameLength(int index) {
    return names[slot(index)];
  }

  int valueLength(int index) {
    return values[slot(index)];
  }

  void copyName(int index, byte[] target, int at) {
    int slot = slot(index);
    get(starts[slot], names[slot], target, at);
  }

  void copyValue(int index, byte[] target, int at) {
    int slot = slot(index);
    get(wrap(starts[slot] + names[slot]), values[slot], target, at);
  }

  private void evict(int more) {
    while (count > 0 && size + more > capacity) {
      int oldest = slot(count - 1);
      size -= names[oldest] + values[oldest] + OVERHEAD;
      count--;
    }
  }

  /** Where the newest entry ends in the ring. */
  private int end() {
    if (count == 0) {
      return 0;
    }
    int newest = slot(0);
    return wrap(starts[newest] + names[newest] + values[newest]);
  }

  private int slot(int index) {
    int slot = next - 1 - index;
    return slot < 0 ? slot + starts.length : slot;
  }

  private int wrap(int position) {
    return position >= ring.length ? position - ring.length : position;
  }

  private void put(byte[] octets, int from, int length, int start) {
    int first = Math.min(length, ring.length - start);
    System.arraycopy(octets, from, ring, start, first);
    System.arraycopy(octets, from + first, ring, 0, length - first);
  }

  private void get(int start, int length, byte[] target, int at) {
    int first = Math.min(length, ring.length - start);
    System.arraycopy(ring, start, target, at, first);
    System.arraycopy(ring, 0, target, at + first, length - first);
  }
}
