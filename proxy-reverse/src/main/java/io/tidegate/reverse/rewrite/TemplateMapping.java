package io.tidegate.reverse.rewrite;

import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RequestPath;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills what the segments of a route's template were into another template. Segments are filled in
 * whole and as the client spelled them, so the result is as clean as the path was.
 */
public final class TemplateMapping implements PathMapping {
  private final PathTemplate client;
  private final PathTemplate upstream;
  private final boolean invertible;

  /** Maps what {@code client} takes to {@code upstream}; both fit together. */
  public TemplateMapping(PathTemplate client, PathTemplate upstream) {
    this.client = client;
    this.upstream = upstream;
    this.invertible =
        client.isOpen() == upstream.isOpen()
            && names(client).equals(names(upstream))
            && client.segments().stream().allMatch(s -> s.text() != null || s.name() != null);
  }

  private static Set<String> names(PathTemplate template) {
    Set<String> names = new HashSet<>();
    for (PathTemplate.Segment segment : template.segments()) {
      if (segment.name() != null) {
        names.add(segment.name());
      }
    }
    return names;
  }

  @Override
  public String toUpstream(String pathAndQuery) {
    return pathAndQuery.startsWith("/") ? upstream.filled(client, pathAndQuery) : pathAndQuery;
  }

  @Override
  public @Nullable String toClient(String reference) {
    int end = end(reference);
    String path = reference.substring(0, end);
    RequestPath parsed = invertible ? RequestPath.parse(path) : null;
    return parsed != null && upstream.matches(parsed.matched())
        ? client.filled(upstream, RequestPath.forwarded(path)) + reference.substring(end)
        : null;
  }

  private static int end(String reference) {
    int end = 0;
    while (end < reference.length() && "?#".indexOf(reference.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  @Override
  public String cookieToClient(String path) {
    String mapped = path.startsWith("/") ? toClient(path) : null;
    return mapped != null ? mapped : client.front().isEmpty() ? "/" : client.front();
  }
}
