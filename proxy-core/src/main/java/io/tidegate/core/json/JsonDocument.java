package io.tidegate.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.core.io.BoundedFile;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON text (RFC 8259) that says settings; comments as in Java are taken too. A key that is
 * repeated, an object within more than {@value #MAX_DEPTH} others, and a text of more than 16 MiB
 * are refused. A key {@code "$schema"} of the outermost object is for editors, and not looked at.
 * Immutable.
 *
 * <p>An object stands for a settings record, with a key for each component that is not as it is by
 * default. Numbers, texts and lists are what they are; besides,
 *
 * <ul>
 *   <li>durations are {@code "500ms"}, {@code "3s"}, {@code "10m"}, {@code "24h"}, {@code "7d"} or
 *       as in ISO 8601,
 *   <li>whole numbers may be sizes, {@code "256MiB"},
 *   <li>names of enum constants may be written in any case, with {@code -} for {@code _},
 *   <li>what may be absent is {@code null} if it is,
 *   <li>a part that may be one of several records is an object with one key, which says which; or
 *       its name alone, if nothing more needs to be said: {@code {"named": …}}, {@code "client"},
 *   <li>a record of which nothing but a number or a text must be said may be that alone,
 *   <li>a secret is {@code {"file": path}} or {@code {"env": name of a variable}}, never itself.
 * </ul>
 */
public final class JsonDocument {
  private static final String SCHEMA = "$schema";
  private static final int MAX_DEPTH = 64;
  private static final int MAX_BYTES = 16 << 20;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                  .build())
          .build();

  private final JsonNode node;
  private final String path;

  private JsonDocument(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /**
   * What a file says, in UTF-8.
   *
   * @throws InvalidSettingsException if it cannot be read or is not JSON
   */
  public static JsonDocument read(Path file) {
    try {
      byte[] octets =
          BoundedFile.read(file, MAX_BYTES)
              .orElseThrow(() -> invalid(file.toString(), "too long", "at most 16 MiB"));
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException e) {
      throw invalid(file.toString(), "no text", "UTF-8");
    } catch (IOException e) {
      throw invalid(file.toString(), "cannot be read", "a file in JSON");
    }
  }

  /**
   * What a text says.
   *
   * @throws InvalidSettingsException if it is not JSON
   */
  public static JsonDocument parse(String text) {
    String json = text.startsWith("\ufeff") ? text.substring(1) : text;
    try (JsonParser parser = MAPPER.createParser(json)) {
      return new JsonDocument(tree(parser), "$");
    } catch (IOException e) {
      throw new IllegalStateException(e); // a text can always be read
    }
  }

  private static JsonNode tree(JsonParser parser) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw invalid("$", "empty", "an object");
      }
      if (parser.nextToken() != null) {
        throw invalid("$", "more than one value", "an object and nothing behind it");
      }
      return withoutSchema(node);
    } catch (JsonProcessingException e) {
      throw invalid(path(parser), wrong(e), "JSON");
    }
  }

  /** Which schema a text says it follows is for editors. */
  private static JsonNode withoutSchema(JsonNode node) {
    return node instanceof ObjectNode object && node.path(SCHEMA).isTextual()
        ? object.without(SCHEMA)
        : node;
  }

  private static String path(JsonParser parser) {
    return path(parser.getParsingContext());
  }

  private static String path(JsonStreamContext context) {
    JsonStreamContext parent = context.getParent();
    String path = parent == null ? "$" : path(parent);
    if (context.inArray()) {
      return path + "[" + context.getCurrentIndex() + "]";
    }
    String key = context.inObject() ? context.getCurrentName() : null;
    return key == null ? path : Checks.below(path, key);
  }

  /** The words for a fault of syntax do not repeat what stands there: it may be a secret. */
  private static String wrong(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    String plain =
        message.startsWith("Unrecognized token")
            ? "Unrecognized token"
            : message.lines().findFirst().orElse("");
    JsonLocation at = e.getLocation();
    return at == null ? plain : plain + ", line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static InvalidSettingsException invalid(String path, String value, String expected) {
    Problems problems = new Problems();
    problems.add(path, value, expected);
    return problems.exception();
  }

  /**
   * The keys of the object that this is, in the order of the text.
   *
   * @throws InvalidSettingsException if it is no object
   */
  public Set<String> keys() {
    Problems problems = new Problems();
    if (!node.isObject()) {
      problems.addKind(path, node, "an object");
      throw problems.exception();
    }
    Set<String> keys = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** What stands behind {@code key}, if this is an object that has it. */
  public Optional<JsonDocument> find(String key) {
    return node.has(key) ? Optional.of(get(key)) : Optional.empty();
  }

  /** What stands behind a key that is there. */
  public JsonDocument get(String key) {
    return new JsonDocument(Objects.requireNonNull(node.get(key), key), Checks.below(path, key));
  }

  /**
   * The settings that this says, which are {@code byDefault} if it says nothing.
   *
   * @throws InvalidSettingsException with everything that is wrong, each with its path
   */
  public <T extends Record> T to(T byDefault) {
    return SettingsFormat.of(byDefault).read(this);
  }

  JsonNode node() {
    return node;
  }

  /** Where in the text this stands: {@code $.forward}. */
  public String path() {
    return path;
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writer(layout()).writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree can always be written
    }
  }

  private static DefaultPrettyPrinter layout() {
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    return new DefaultPrettyPrinter(separators).withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }
}
