package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.testkit.DocPage;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The pages for users name the meters that there are, their tags and those of spans. */
class DocumentedMetersTest {
  /** Observations, and the tags that they alone have. */
  private static final Set<String> OF_SPANS =
      Set.of(Names.REQUEST, Names.ATTEMPT, Names.STATUS, Names.SCHEME, Names.PATH, Names.SERVER);

  private static Set<String> names() throws IllegalAccessException {
    Set<String> names = new TreeSet<>();
    for (Field one : Names.class.getDeclaredFields()) {
      if (one.getType() == String.class) {
        names.add((String) one.get(null));
      }
    }
    return names;
  }

  @Test
  void everyMeterAndTagIsOnThePageAndNoOther() throws Exception {
    DocPage page = DocPage.named("metrics.md");
    Set<String> told = new TreeSet<>(page.code("meter", 0));
    told.addAll(page.code("tag", 0));
    Set<String> names = names();
    names.removeAll(OF_SPANS);
    assertEquals(names, told);
  }

  @Test
  void everyObservationIsOnThePageAndNoOther() throws Exception {
    DocPage page = DocPage.named("tracing.md");
    Set<String> told = new TreeSet<>(page.code("observation", 3));
    for (List<String> row : page.rows("observation")) {
      told.add(DocPage.code(row.get(0)).get(0)); // what follows is what one may be called
    }
    told.remove(Names.ENDPOINT); // which meters have too
    assertEquals(new TreeSet<>(OF_SPANS), told);
  }
}
