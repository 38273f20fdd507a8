package io.tidegate.examples;

import io.tidegate.core.spi.Secret;
import io.tidegate.forward.egress.EgressBuilder;
import io.tidegate.forward.egress.ParentBuilder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is given to {@code --parent}: other than a parent proxy's address, a URL has the credentials
 * in it.
 *
 * @param address the URL without them
 * @param credentials {@code user:password} as it was written, empty if there are none
 */
record ParentUrl(String address, String credentials) {
  static ParentUrl of(String url) {
    int scheme = url.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    int end = url.lastIndexOf('@');
    return end < start
        ? new ParentUrl(url, "")
        : new ParentUrl(
            url.substring(0, start) + url.substring(end + 1), url.substring(start, end));
  }

  /** Goes through the first of {@code urls}, and through the next when that one is down. */
  static void describe(List<String> urls, EgressBuilder egress) {
    List<ParentUrl> parents = urls.stream().map(ParentUrl::of).toList();
    String credentials = parents.get(0).credentials();
    if (!parents.stream().allMatch(parent -> parent.credentials().equals(credentials))) {
      throw new IllegalArgumentException(
          "--parent: different credentials (expected: the same in each)");
    }
    egress.parent(
        "parent",
        parent -> {
          parents.forEach(each -> parent.proxy(each.address()));
          describe(credentials, parent);
        });
  }

  private static void describe(String credentials, ParentBuilder parent) {
    if (!credentials.isEmpty()) {
      String[] pair = credentials.split(":", 2);
      parent.credentials(decoded(pair[0]), Secret.of(pair.length == 1 ? "" : decoded(pair[1])));
    }
  }

  /** Percent-encoding undone (RFC 3986 §2.1); a plus sign is one. No message tells the text. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--parent: credentials (expected: percent-encoding in UTF-8 that is whole)");
    }
  }
}
