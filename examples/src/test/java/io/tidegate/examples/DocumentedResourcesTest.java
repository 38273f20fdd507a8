package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.DocPage;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for users names what the admin listeners of both directions answer. */
class DocumentedResourcesTest {
  private static final Pattern LISTED =
      Pattern.compile("\"method\"\\s*:\\s*\"(\\w+)\"\\s*,\\s*\"path\"\\s*:\\s*\"([^\"]+)\"");

  /** What the admin listener of {@code proxy} says it has. */
  private static Set<String> listed(Proxy proxy) throws IOException, InterruptedException {
    String uri = "http://127.0.0.1:" + proxy.adminAddress().orElseThrow().getPort() + "/v1";
    String list =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
            .body();
    Set<String> listed = new TreeSet<>();
    LISTED.matcher(list).results().forEach(one -> listed.add(one.group(1) + " " + one.group(2)));
    return listed;
  }

  @Test
  void everyResourceIsOnThePageAndNoOther() throws Exception {
    Set<String> told = new TreeSet<>();
    for (List<String> row : DocPage.named("admin.md").rows("")) {
      String method = row.get(0).replaceFirst(" .*", "");
      if (Set.of("GET", "POST").contains(method)) {
        DocPage.code(row.get(0)).forEach(path -> told.add(method + " " + path));
      }
    }
    try (Proxy reverse =
            ReverseProxy.builder()
                .listen(0)
                .admin(admin -> admin.listen(0).withoutToken())
                .start();
        Proxy forward =
            ForwardProxy.builder()
                .listen(0)
                .admin(admin -> admin.listen(0).withoutToken())
                .start()) {
      Set<String> there = listed(reverse);
      there.addAll(listed(forward));
      assertEquals(there, told);
    }
  }
}
