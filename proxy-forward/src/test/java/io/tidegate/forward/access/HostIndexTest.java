package io.tidegate.forward.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.tidegate.forward.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostIndexTest {
  private static HostIndex index(String... rules) {
    return new HostIndex(Arrays.stream(rules).map(HostIndexTest::hosts).toList());
  }

  private static List<HostPattern> hosts(String rule) {
    return Arrays.stream(rule.split(" "))
        .filter(host -> !host.isEmpty())
        .map(host -> Objects.requireNonNull(HostPattern.parse(host)))
        .toList();
  }

  private static int[] about(HostIndex index, String host) {
    return index.about(Sample.host(host));
  }

  @Test
  void rulesAboutAHostAreThoseForItsNameAndForAllItIsBelow() {
    HostIndex index =
        index("*.com", ".example.com", "www.example.com a.org", "", "*.www.example.com", "* b.org");
    assertArrayEquals(new int[] {0, 1, 2}, about(index, "www.example.com"));
    assertArrayEquals(new int[] {0, 1}, about(index, "example.com"));
    assertArrayEquals(new int[] {0, 1}, about(index, "other.example.com"));
    assertArrayEquals(new int[] {0, 1, 4}, about(index, "x.y.www.example.com"));
    assertArrayEquals(new int[] {0}, about(index, "notexample.com"));
    assertArrayEquals(new int[] {2}, about(index, "a.org"));
    assertArrayEquals(new int[] {5}, about(index, "b.org"));
    assertArrayEquals(new int[] {}, about(index, "com"));
    assertArrayEquals(new int[] {}, about(index, "x.a.org"));
    assertArrayEquals(new int[] {3, 5}, index.aboutAny());
  }

  @Test
  void addressesAreFoundInAnySpelling() {
    HostIndex index = index("203.0.113.7", "[2001:db8::7]", "203.0.113.7 a.example");
    assertArrayEquals(new int[] {0, 2}, about(index, "203.0.113.7"));
    assertArrayEquals(new int[] {1}, about(index, "[2001:DB8:0::7]"));
    assertArrayEquals(new int[] {}, about(index, "203.0.113.8"));
  }

  @Test
  void noRuleIsMissedAmongMany() {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rules.add("*.d" + i + ".example");
    }
    HostIndex index = index(rules.toArray(String[]::new));
    for (int i = 0; i < 5_000; i++) {
      assertArrayEquals(new int[] {i}, about(index, "www.d" + i + ".example"));
      assertArrayEquals(new int[] {}, about(index, "d" + i + ".example"));
    }
  }
}
