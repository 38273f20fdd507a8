package io.tidegate.core.coding;

/** A content coding that responses can be given (RFC 9110 §8.4.1). */
public enum ContentCoding {
  /** RFC 1952; every client that decodes anything decodes this. */
  GZIP("gzip", 1, 9),

  /**
   * RFC 8878; browsers decode it since 2024. Needs the library {@code com.github.luben:zstd-jni}.
   */
  ZSTD("zstd", 1, 9);

  private final String token;
  private final int leastLevel;
  private final int mostLevel;

  ContentCoding(String token, int leastLevel, int mostLevel) {
    this.token = token;
    this.leastLevel = leastLevel;
    this.mostLevel = mostLevel;
  }

  /** Its name in Content-Encoding and Accept-Encoding. */
  public String token() {
    return token;
  }

  /** Whether responses can be given it here: what it needs is there, for this platform too. */
  public boolean isAvailable() {
    try {
      if (this == ZSTD) {
        ZstdEncoder.load();
      }
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }

  /** The level that takes the least time. */
  public int leastLevel() {
    return leastLevel;
  }

  /** The level that saves the most octets. */
  public int mostLevel() {
    return mostLevel;
  }
}
