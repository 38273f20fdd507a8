package io.tidegate.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.core.spi.Confidential;
import io.tidegate.core.spi.Secret;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON (RFC 8259), for answers and logs: on one line, with every component there is.
 *
 * <ul>
 *   <li>A record is an object with a key for each component, in their order; a map is an object in
 *       its own order; a collection is a list.
 *   <li>Numbers, texts, truth values and null are what they are; a number that is not finite is
 *       null.
 *   <li>An {@link Optional} is its value; empty, the key of a component is left out, and elsewhere
 *       it is null.
 *   <li>Constants of enums, durations and what else settings have as text are as in settings, an
 *       {@link Instant} as in ISO 8601.
 *   <li>A secret is told by where it stands; one that stands nowhere else is {@value #HIDDEN}, and
 *       so is the value of a component that may be one ({@link Confidential}).
 * </ul>
 */
public final class JsonText {
  /** What stands in the place of a secret. */
  public static final String HIDDEN = "hidden";

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /**
   * {@code value} as JSON.
   *
   * @throws IllegalArgumentException if it is, or contains, what has no JSON
   */
  public static String of(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(value, out);
    } catch (IOException e) {
      throw new IllegalStateException(e); // a text can always be written
    }
    return text.toString();
  }

  private static void write(@Nullable Object maybe, JsonGenerator out) throws IOException {
    Object value = unwrapped(maybe);
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Secret secret) {
      write(told(secret), out);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(map, out);
    } else if (value instanceof Collection<?> several) {
      out.writeStartArray();
      for (Object one : several) {
        write(one, out);
      }
      out.writeEndArray();
    } else if (Scalars.has(value.getClass()) || value instanceof Instant) {
      writeScalar(value, out);
    } else if (value instanceof Record record) {
      writeRecord(record, out);
    } else {
      throw new IllegalArgumentException(
          "value: a " + value.getClass() + " (expected: plain data)");
    }
  }

  private static void writeRecord(Record record, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = Records.get(component, record);
      if (!isAbsent(value)) {
        out.writeFieldName(component.getName());
        write(component.isAnnotationPresent(Confidential.class) ? HIDDEN : value, out);
      }
    }
    out.writeEndObject();
  }

  private static void writeMap(Map<?, ?> map, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.writeFieldName(Scalars.text(entry.getKey()));
      write(entry.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void writeScalar(Object value, JsonGenerator out) throws IOException {
    if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Double || value instanceof Float) {
      writeFraction(((Number) value).doubleValue(), out);
    } else if (value instanceof Number number) {
      out.writeNumber(number.toString());
    } else {
      out.writeString(Scalars.text(value));
    }
  }

  private static void writeFraction(double number, JsonGenerator out) throws IOException {
    if (Double.isFinite(number)) {
      out.writeNumber(number);
    } else {
      out.writeNull();
    }
  }

  /** What may be told of a secret. */
  static Object told(Secret secret) {
    return switch (secret.source()) {
      case FILE -> Map.of("file", secret.text());
      case ENVIRONMENT -> Map.of("env", secret.text());
      case VALUE -> HIDDEN;
    };
  }

  private static boolean isAbsent(@Nullable Object value) {
    return value != null && unwrapped(value) == null;
  }

  private static @Nullable Object unwrapped(@Nullable Object value) {
    if (value instanceof Optional<?> some) {
      return some.orElse(null);
    }
    if (value instanceof OptionalInt some) {
      return some.isPresent() ? (Object) some.getAsInt() : null;
    }
    if (value instanceof OptionalLong some) {
      return some.isPresent() ? (Object) some.getAsLong() : null;
    }
    if (value instanceof OptionalDouble some) {
      return some.isPresent() ? (Object) some.getAsDouble() : null;
    }
    return value;
  }
}
