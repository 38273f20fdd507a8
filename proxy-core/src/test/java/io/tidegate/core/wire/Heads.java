package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How the tests of readers feed them. */
final class Heads {
  static final HeadLimits LIMITS = new HeadLimits(1000, 200, 10);

  /** Something that takes octets until it has a result. */
  interface Reader {
    @Nullable Object read(ByteBuffer in) throws BadMessageException;
  }

  private Heads() {}

  static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  /** The fields as {@code name: value} texts. */
  static List<String> lines(Fields fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      lines.add(fields.name(i) + ": " + fields.value(i));
    }
    return lines;
  }

  /** Result and rest when {@code text} arrives in pieces that end at {@code cuts}, as one text. */
  static String outcome(Reader reader, String text, int... cuts) {
    ByteBuffer in = buffer(text);
    try {
      for (int cut : cuts) {
        in.limit(cut);
        Object result = reader.read(in);
        in.limit(text.length());
        if (result != null) {
          return result + " rest " + in.remaining();
        }
      }
      Object result = reader.read(in);
      return result + " rest " + in.remaining();
    } catch (BadMessageException e) {
      return e.fault() + ": " + e.detail();
    }
  }

  /** One of {@code seeds} with some octets changed, removed, repeated or moved. */
  static String mutation(List<String> seeds, Random random) {
    StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
    String special = "\r\n\r\n: \t\0,;=\"/0123456789abcdefxX\u0080\u00ff\u007f-_*?#%[]";
    for (int i = random.nextInt(6); i >= 0 && text.length() > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.setCharAt(at, special.charAt(random.nextInt(special.length())));
        case 2 -> text.deleteCharAt(at);
        case 3 -> text.insert(at, special.charAt(random.nextInt(special.length())));
        case 4 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
        default -> text.setLength(at);
      }
    }
    return text.toString();
  }
}
