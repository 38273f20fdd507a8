package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptTest {
  private final Kept first = new Kept();

  private static Object of(Kept kept, String madeOf) {
    return kept.of(Object.class, madeOf, Object::new);
  }

  @Test
  void whatIsMadeOfTheSameAgainIsTheSameObject() {
    Object made = of(first, "a");
    assertSame(made, of(first, "a"));
    assertSame(made, of(first.next(), "a"));
    assertNotSame(made, of(first.next(), "b"));
  }

  @Test
  void objectsOfTwoKindsAreTwo() {
    StringBuilder text = first.of(StringBuilder.class, "a", StringBuilder::new);
    assertNotSame(text, of(first, "a"));
  }

  @Test
  void whatNobodyAsksForAgainIsForgotten() {
    Object made = of(first, "a");
    assertNotSame(made, of(first.next().next(), "a"));
  }

  @Test
  void settingsThatTurnOutToBeWrongChangeNothing() {
    Object made = of(first, "a");
    of(first.next(), "b");
    assertSame(made, of(first.next(), "a"));
  }

  @Test
  void changesAreMadeOnceAndInTheirOrder() {
    List<String> made = new ArrayList<>();
    first.change(() -> made.add("1"));
    first.change(() -> made.add("2"));
    assertEquals(List.of(), made);
    first.commit();
    first.commit();
    assertEquals(List.of("1", "2"), made);
  }

  @Test
  void whoIsToldAfterwardsIsToldByWhoeverAsksAndNotByTheCommit() {
    List<String> told = new ArrayList<>();
    first.afterwards(() -> told.add("1"));
    first.afterwards(() -> told.add("2"));
    first.commit();
    assertEquals(List.of(), told);
    first.afterwards().forEach(Runnable::run);
    assertEquals(List.of("1", "2"), told);
    assertEquals(List.of(), first.next().afterwards());
  }

  @Test
  void ofAnotherProxyByTheSameSettingsNothingIsTheSame() {
    Object before = of(first, "a");
    Kept second = first.next();
    Object made = of(second, "b");
    Kept anew = second.anew();
    assertNotSame(made, of(anew, "b"));
    assertSame(before, of(anew, "a"));
  }
}
