package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes chunked transfer coding (RFC 9112 §7.1). A size has at most 15 significant hexadecimal
 * digits, every line ends in CRLF, extensions are checked and dropped: what we send on has chunks
 * of our own.
 */
final class ChunkDecoder {
  private static final int MAX_SIZE_DIGITS = 15;

  /** Digits with leading zeros and extensions; a sender that needs more is up to something. */
  private static final int MAX_SIZE_LINE = 8 << 10;

  /**
   * Extensions in all of one body, or short chunks with long extensions would cost more than they
   * carry.
   */
  private static final int MAX_EXTENSIONS = 64 << 10;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    ENDED
  }

  private final TrailerCollector trailers;
  private final ChunkExtension extension = new ChunkExtension();
  private State state = State.ENDED;
  private long remaining;
  private int digits;
  private int lineLength;
  private int extensions;

  ChunkDecoder(HeadLimits trailerLimits) {
    this.trailers = new TrailerCollector(trailerLimits);
  }

  void start() {
    trailers.clear();
    extensions = 0;
    startSize();
  }

  private void startSize() {
    state = State.SIZE;
    remaining = 0;
    digits = 0;
    lineLength = 0;
  }

  boolean ended() {
    return state == State.ENDED;
  }

  Fields trailers() {
    return trailers.fields();
  }

  /** See {@link BodyDecoder#next}. */
  int next(ByteBuffer in) throws BadMessageException {
    while (in.hasRemaining()) {
      switch (state) {
        case SIZE -> size(in.get() & 0xff);
        case EXTENSION -> extension(in.get() & 0xff);
        case SIZE_LF -> {
          expect(in.get(), '\n');
          state = remaining > 0 ? State.DATA : State.TRAILERS;
        }
        case DATA -> {
          int n = (int) Math.min(remaining, in.remaining());
          remaining -= n;
          state = remaining > 0 ? State.DATA : State.DATA_CR;
          return n;
        }
        case DATA_CR -> {
          expect(in.get(), '\r');
          state = State.DATA_LF;
        }
        case DATA_LF -> {
          expect(in.get(), '\n');
          startSize();
        }
        case TRAILERS -> state = trailers.collect(in) ? State.ENDED : State.TRAILERS;
        case ENDED -> {
          return 0;
        }
      }
    }
    return 0;
  }

  private void size(int octet) throws BadMessageException {
    countLine();
    int digit = Ascii.hex(octet);
    if (digit >= 0) {
      remaining = remaining << 4 | digit;
      digits += digits > 0 || digit > 0 ? 1 : 0;
      if (digits > MAX_SIZE_DIGITS) {
        throw BadMessageException.framing("chunk size too large");
      }
    } else if (lineLength == 1) {
      throw BadMessageException.framing("chunk size missing");
    } else if (octet == '\r') {
      state = State.SIZE_LF;
    } else {
      extension.start();
      state = State.EXTENSION;
      extension(octet);
    }
  }

  private void extension(int octet) throws BadMessageException {
    countLine();
    if (++extensions > MAX_EXTENSIONS) {
      throw BadMessageException.framing("chunk extensions too long");
    }
    if (extension.ends(octet)) {
      state = State.SIZE_LF;
    }
  }

  private void countLine() throws BadMessageException {
    if (++lineLength > MAX_SIZE_LINE) {
      throw BadMessageException.framing("chunk size line too long");
    }
  }

  private static void expect(int octet, char expected) throws BadMessageException {
    if (octet != expected) {
      throw BadMessageException.framing("chunk not ended by CRLF");
    }
  }

  /** The trailer section: like a head without a start line, and possibly empty. */
  private static final class TrailerCollector {
    private static final byte[] START_LINE = {'T', '\r', '\n'};

    private final HeadLimits limits;
    private final FieldParser parser = new FieldParser();
    private @Nullable HeadCollector lines; // made for the first section: many never have one
    private Fields fields = Fields.empty();

    TrailerCollector(HeadLimits limits) {
      this.limits = limits;
    }

    void clear() {
      fields = Fields.empty();
    }

    /** Whether the section has ended. */
    boolean collect(ByteBuffer in) throws BadMessageException {
      try {
        HeadCollector collector = lines == null ? new HeadCollector(limits, 0) : lines;
        lines = collector;
        if (collector.isEmpty()) {
          collector.collect(ByteBuffer.wrap(START_LINE));
        }
        byte[] section = collector.collect(in);
        if (section != null) {
          fields = parser.parse(section, START_LINE.length);
        }
        return section != null;
      } catch (BadMessageException e) {
        lines = null;
        boolean size = e.fault() == Fault.HEAD_TOO_LARGE || e.fault() == Fault.TOO_MANY_FIELDS;
        throw size
            ? new BadMessageException(Fault.TRAILERS_TOO_LARGE, "trailer section too large")
            : e;
      }
    }

    Fields fields() {
      return fields;
    }
  }
}
