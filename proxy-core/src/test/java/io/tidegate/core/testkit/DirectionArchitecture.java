package io.tidegate.core.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.undertow.server.HttpHandler;
import org.junit.jupiter.api.Test;

/**
 * The rules of a thin direction, forward or reverse; each has a test class that extends this one.
 */
public abstract class DirectionArchitecture {
  private final JavaClasses classes;
  private final String other;

  /**
   * The rules for the module in {@code packageName}, which must not know the one in {@code other}.
   */
  protected DirectionArchitecture(String packageName, String other) {
    this.classes = ArchitectureRules.classesOf(packageName);
    this.other = other;
  }

  @Test
  void knowsNothingOfXnioAndUndertowButTheHandlerItReturns() {
    DescribedPredicate<JavaClass> handler = JavaClass.Predicates.equivalentTo(HttpHandler.class);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.xnio..", "io.undertow..").and(DescribedPredicate.not(handler)))
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void doesNotKnowTheOtherDirection() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage(other + "..")
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void neverBlocksAnIoThread() {
    noClasses()
        .should()
        .accessTargetWhere(ArchitectureRules.blocks().or(ArchitectureRules.looksUpNames()))
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void leavesTheStandardStreamsAlone() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void isNullMarked() {
    ArchitectureRules.requireNullMarkedPackages(classes);
  }
}
