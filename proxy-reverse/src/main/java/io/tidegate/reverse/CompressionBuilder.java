package io.tidegate.reverse;

import io.tidegate.core.coding.CompressionSettings;
import io.tidegate.core.coding.ContentCoding;
import java.util.ArrayList;
import java.util.List;

/** Describes which responses of a route are compressed, and how. */
public final class CompressionBuilder {
  private final List<String> types = new ArrayList<>();
  private List<ContentCoding> codings = CompressionSettings.DEFAULT.codings();
  private long minBytes = CompressionSettings.DEFAULT.minBytes();
  private int gzipLevel = CompressionSettings.DEFAULT.gzipLevel();
  private int zstdLevel = CompressionSettings.DEFAULT.zstdLevel();

  CompressionBuilder() {}

  /**
   * Media types to compress, in the place of the usual ones: {@code application/json}, {@code
   * text/*}, or {@code +json} for all with that suffix. {@code text/event-stream} counts only if it
   * is named.
   */
  public CompressionBuilder types(String... mediaTypes) {
    types.addAll(List.of(mediaTypes));
    return this;
  }

  /** Leaves responses alone that are known to have less content; 1,024 octets unless called. */
  public CompressionBuilder minBytes(long octets) {
    this.minBytes = octets;
    return this;
  }

  /**
   * The codings on offer; of those that a client likes equally, the first one. gzip unless called;
   * zstd needs the library {@code com.github.luben:zstd-jni}.
   */
  public CompressionBuilder codings(ContentCoding... preferred) {
    this.codings = List.of(preferred);
    return this;
  }

  /** How hard gzip tries, from 1 to 9; 4 unless called. */
  public CompressionBuilder gzipLevel(int level) {
    this.gzipLevel = level;
    return this;
  }

  /** How hard zstd tries, from 1 to 9; 3 unless called. */
  public CompressionBuilder zstdLevel(int level) {
    this.zstdLevel = level;
    return this;
  }

  /** Takes over what {@code settings} say. */
  CompressionBuilder settings(CompressionSettings settings) {
    types.clear();
    types.addAll(settings.types());
    codings = settings.codings();
    return minBytes(settings.minBytes())
        .gzipLevel(settings.gzipLevel())
        .zstdLevel(settings.zstdLevel());
  }

  CompressionSettings settings() {
    return new CompressionSettings(
        types.isEmpty() ? CompressionSettings.DEFAULT.types() : types,
        minBytes,
        codings,
        gzipLevel,
        zstdLevel);
  }
}
