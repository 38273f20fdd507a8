package io.tidegate.core.json;

import io.tidegate.core.spi.Secret;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files in which the secrets of settings stand. */
public final class SecretFiles {
  private final Set<Path> files = new LinkedHashSet<>();

  private SecretFiles() {}

  /** Those that {@code settings} name anywhere, each once. */
  public static List<Path> of(Record settings) {
    SecretFiles found = new SecretFiles();
    found.look(settings);
    return new ArrayList<>(found.files);
  }

  private void look(Object value) {
    if (value instanceof Secret secret) {
      note(secret);
    } else if (value instanceof Optional<?> some) {
      some.ifPresent(this::look);
    } else if (value instanceof Collection<?> several) {
      several.forEach(this::look);
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(this::look);
    } else if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        look(Records.get(component, record));
      }
    }
  }

  private void note(Secret secret) {
    if (secret.source() == Secret.Source.FILE) {
      try {
        files.add(Path.of(secret.text()));
      } catch (InvalidPathException e) {
        // whoever reads it says so
      }
    }
  }
}
