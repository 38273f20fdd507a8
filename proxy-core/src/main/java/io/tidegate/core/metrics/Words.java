package io.tidegate.core.metrics;

import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of tags, each of a fixed set: what a client invents is counted under one of them. */
final class Words {
  /** Stands for what is not there. */
  static final String NONE = "none";

  /** Stands for everything that has no name of its own. */
  static final String OTHER = "_OTHER";

  /** The methods of RFC 9110 §9, PATCH and QUERY. */
  private static final List<String> METHODS =
      List.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY",
          OTHER);

  private static final List<String> CLASSES = List.of(NONE, "1xx", "2xx", "3xx", "4xx", "5xx");
  private static final List<ProxyError> ERROR_TYPES = List.of(ProxyError.values());
  private static final List<CacheStatus.Forward> FORWARDS = List.of(CacheStatus.Forward.values());
  private static final int MISS = 2;

  static final int METHOD_COUNT = METHODS.size();
  static final int CLASS_COUNT = CLASSES.size();
  static final int ERROR_COUNT = ERROR_TYPES.size() + 1;
  static final int CACHE_COUNT = FORWARDS.size() + MISS;

  private Words() {}

  static int method(String name) {
    return switch (name) {
      case "GET" -> 0;
      case "HEAD" -> 1;
      case "POST" -> 2;
      case "PUT" -> 3;
      case "DELETE" -> 4;
      case "CONNECT" -> 5;
      case "OPTIONS" -> 6;
      case "TRACE" -> 7;
      case "PATCH" -> 8;
      case "QUERY" -> 9;
      default -> 10;
    };
  }

  static String method(int index) {
    return METHODS.get(index);
  }

  static int statusClass(int status) {
    return status < 100 ? 0 : Math.min(status / 100, CLASS_COUNT - 1);
  }

  static String classWord(int index) {
    return CLASSES.get(index);
  }

  static int error(@Nullable Failure failure) {
    return failure == null ? 0 : ERROR_TYPES.indexOf(failure.error()) + 1;
  }

  static String error(int index) {
    return index == 0 ? NONE : ERROR_TYPES.get(index - 1).token();
  }

  static int cache(@Nullable String word) {
    if (word == null) {
      return 0;
    }
    if (word.equals(CacheStatus.HIT)) {
      return 1;
    }
    int index = MISS;
    while (index < CACHE_COUNT - 1 && !FORWARDS.get(index - MISS).token().equals(word)) {
      index++;
    }
    return index;
  }

  static String cache(int index) {
    return switch (index) {
      case 0 -> NONE;
      case 1 -> CacheStatus.HIT;
      default -> FORWARDS.get(index - MISS).token();
    };
  }
}
