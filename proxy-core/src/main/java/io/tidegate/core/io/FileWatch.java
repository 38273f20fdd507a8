package io.tidegate.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/**
 * Tells when files have changed, by time and length, and rest: a file that changes from one look to
 * the next is being written. Looks at files: not for an IO thread.
 */
public final class FileWatch {
  private record Stamp(FileTime modified, long size, Optional<Object> key) {}

  private final List<Path> files;
  private List<Optional<Stamp>> taken;
  private List<Optional<Stamp>> last;

  /** Watches {@code files}, which are about to be read for the first time. */
  public FileWatch(List<Path> files) {
    this.files = List.copyOf(files);
    this.taken = stamps();
    this.last = taken;
  }

  /** Whether they are to be read again: they differ from what was, and not from the last look. */
  public boolean isChanged() {
    List<Optional<Stamp>> now = stamps();
    boolean rests = now.equals(last);
    last = now;
    if (!rests || now.equals(taken)) {
      return false;
    }
    taken = now;
    return true;
  }

  /** They could not be read: from now on they count as changed at each look at which they rest. */
  public void forget() {
    taken = List.of();
  }

  private List<Optional<Stamp>> stamps() {
    return files.stream().map(FileWatch::stamp).toList();
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(is.lastModifiedTime(), is.size(), Optional.ofNullable(is.fileKey())));
    } catch (IOException e) {
      return Optional.empty(); // it is not there just now
    }
  }
}
