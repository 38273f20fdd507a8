package io.tidegate.reverse;

import io.tidegate.core.testkit.DirectionArchitecture;

class ReverseArchitectureTest extends DirectionArchitecture {
  ReverseArchitectureTest() {
    super("io.tidegate.reverse", "io.tidegate.forward");
  }
}
