package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DelegatingRouteTest {
  private static Stream<Method> ofRoutes() {
    return Stream.of(Route.class.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !Modifier.isStatic(method.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("ofRoutes")
  void nothingIsLeftToTheDefaultsOfRoutes(Method method) {
    assertDoesNotThrow(
        () ->
            DelegatingRoute.class.getDeclaredMethod(method.getName(), method.getParameterTypes()));
  }
}
