package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Refuses methods other than those named, with 405 and Allow (RFC 9110 §15.5.6). */
final class AllowedMethods implements RequestFilter {
  private final Set<String> methods;
  private final Failure refused;

  /** Lets {@code methods} pass; GET stands for HEAD too. */
  AllowedMethods(List<String> methods) {
    TreeSet<String> all = new TreeSet<>(methods);
    if (all.contains("GET")) {
      all.add("HEAD");
    }
    this.methods = Set.copyOf(all);
    this.refused =
        Refusals.denied(405, "the method is not allowed here")
            .with("Allow", String.join(", ", all));
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    return methods.contains(request.head().method()) ? null : refused;
  }
}
