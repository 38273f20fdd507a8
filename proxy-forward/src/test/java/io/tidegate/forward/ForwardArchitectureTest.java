package io.tidegate.forward;

import io.tidegate.core.testkit.DirectionArchitecture;

class ForwardArchitectureTest extends DirectionArchitecture {
  ForwardArchitectureTest() {
    super("io.tidegate.forward", "io.tidegate.reverse");
  }
}
