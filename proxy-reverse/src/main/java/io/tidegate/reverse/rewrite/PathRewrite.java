package io.tidegate.reverse.rewrite;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.PathTemplate;
import org.jspecify.annotations.Nullable;

/** How a route makes the upstream's path anew. May be nonsense until it was checked. */
public sealed interface PathRewrite {
  /**
   * Fills the segments that the route's template names into another one.
   *
   * @param template the upstream's path
   */
  record Template(String template) implements PathRewrite {}

  /**
   * Replaces paths that fit; see {@link RegexMapping}.
   *
   * @param regex what all of the path must fit; others stay
   * @param replacement what comes in its place
   */
  record Regex(String regex, String replacement) implements PathRewrite {}

  /** Notes what is wrong; {@code from} is the route's template, or null if that is wrong itself. */
  default void check(Checks checks, String route, @Nullable PathTemplate from) {
    if (this instanceof Template template) {
      PathTemplate.checkFilling(checks, route + "rewritePath", from, template.template);
    } else if (this instanceof Regex regex) {
      RegexMapping.check(checks, route + "rewriteRegex", regex.regex, regex.replacement);
    }
  }
}
