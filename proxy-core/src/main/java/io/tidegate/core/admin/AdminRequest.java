package io.tidegate.core.admin;

import io.tidegate.core.json.JsonDocument;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants of a resource.
 *
 * @param query the parameters of the query, the first value of each
 * @param content the content; empty if there is none
 */
public record AdminRequest(Map<String, String> query, String content) {
  /** Copies the map. */
  public AdminRequest {
    query = Map.copyOf(query);
  }

  /** A parameter of the query. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /**
   * A parameter of the query as a number.
   *
   * @throws AdminException if it is no number from {@code least} to {@code most}
   */
  public long number(String name, long byDefault, long least, long most) {
    String text = query.get(name);
    if (text == null) {
      return byDefault;
    }
    long number = text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    if (number < least || number > most) {
      throw AdminException.badRequest(name + ": (expected: " + least + " to " + most + ")");
    }
    return number;
  }

  /**
   * The content, an object in JSON, as a record; {@code defaults} say what a missing key means.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong with it
   */
  public <T extends Record> T content(T defaults) {
    return JsonDocument.parse(content).to(defaults);
  }
}
