package io.tidegate.core.exchange;

import io.tidegate.core.spool.ContentReader;
import io.tidegate.core.spool.Spool;
import java.nio.ByteBuffer;

/** Content of a request that is kept in a spool. */
final class SpooledContent extends KeptContent {
  private final Spool spool;

  SpooledContent(Spool spool) {
    this.spool = spool;
  }

  @Override
  void add(ByteBuffer data) {
    spool.write(data);
  }

  @Override
  long length() {
    return spool.length();
  }

  @Override
  boolean isBacklogged() {
    return spool.isBacklogged();
  }

  @Override
  ContentReader read() {
    return spool.read();
  }

  @Override
  void close() {
    spool.close();
  }
}
