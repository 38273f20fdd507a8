package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CountedRouteTest {
  private static Stream<Method> ofDestinations() {
    return Stream.of(Destinations.class.getDeclaredMethods()).filter(CountedRouteTest::isSaid);
  }

  private static boolean isSaid(Method method) {
    return !method.isSynthetic() && !Modifier.isStatic(method.getModifiers());
  }

  @ParameterizedTest
  @MethodSource("ofDestinations")
  void itsDestinationsSayEverythingThemselves(Method method) {
    assertDoesNotThrow(
        () ->
            CountedRoute.Counted.class.getDeclaredMethod(
                method.getName(), method.getParameterTypes()));
  }
}
