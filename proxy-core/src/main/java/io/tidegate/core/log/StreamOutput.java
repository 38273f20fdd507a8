package io.tidegate.core.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A standard stream of the process, which is never closed. */
final class StreamOutput implements LineOutput {
  private final FileOutputStream stream;

  StreamOutput(FileDescriptor descriptor) {
    this.stream = new FileOutputStream(descriptor);
  }

  @Override
  public void write(ByteBuffer lines) throws IOException {
    while (lines.hasRemaining()) {
      stream.getChannel().write(lines);
    }
  }
}
