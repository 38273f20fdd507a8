package io.tidegate.core;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.tidegate.core.testkit.ArchitectureRules.blocks;
import static io.tidegate.core.testkit.ArchitectureRules.classesOf;
import static io.tidegate.core.testkit.ArchitectureRules.looksUpNames;
import static io.tidegate.core.testkit.ArchitectureRules.noClassesIn;
import static io.tidegate.core.testkit.ArchitectureRules.readsClockOrDice;
import static io.tidegate.core.testkit.ArchitectureRules.requireNullMarkedPackages;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The arrows between the packages, and what no code in them may do. */
class ArchitectureTest {
  private static final String ROOT = "io.tidegate.core";
  private static final String[] PURE =
      packages("http", "coding", "spi", "limit", "wire", "h2", "header", "cache", "figures");
  private static final String[] ON_IO_THREADS = packages("io", "server", "exchange", "tls");

  /** Each package and those it may know. The root may know all, and none may know the root. */
  private static final Map<String, List<String>> ARROWS = new HashMap<>();

  static {
    ARROWS.put("http", List.of());
    ARROWS.put("cache", List.of("http"));
    ARROWS.put("coding", List.of("http", "cache"));
    ARROWS.put("figures", List.of("cache"));
    ARROWS.put("metrics", List.of("http", "cache", "spi", "figures"));
    ARROWS.put("spi", List.of("http", "coding"));
    ARROWS.put("limit", List.of());
    ARROWS.put("json", List.of("spi", "io"));
    ARROWS.put("log", List.of("http", "cache", "spi"));
    ARROWS.put("admin", List.of("http", "spi", "limit", "header", "json", "figures"));
    ARROWS.put("wire", List.of("http"));
    ARROWS.put("header", List.of("http", "spi"));
    ARROWS.put("io", List.of("http", "spi", "wire"));
    ARROWS.put("spool", List.of("http", "spi", "wire", "io"));
    ARROWS.put("h2", List.of("http", "spi", "wire", "io"));
    ARROWS.put("tls", List.of("http", "spi", "wire", "io"));
    ARROWS.put("connect", List.of("http", "spi", "wire", "io", "h2", "tls"));
    ARROWS.put("server", List.of("http", "spi", "wire", "header", "io", "h2", "tls"));
    ARROWS.put(
        "exchange",
        List.of(
            "http", "coding", "cache", "spi", "limit", "wire", "header", "io", "spool", "connect",
            "server", "figures"));
  }

  @SuppressWarnings("unused")
  private static final List<String> NAMES = List.copyOf(new TreeSet<>(ARROWS.keySet()));

  private static final JavaClasses CORE = classesOf(ROOT);

  @ParameterizedTest(name = "{0}")
  @FieldSource("NAMES")
  void packagesKnowOnlyThoseTheirArrowsLeadTo(String name) {
    String[] known =
        packages(Stream.concat(Stream.of(name), ARROWS.get(name).stream()).toArray(String[]::new));
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(below(known)))))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass c : CORE) {
      String[] parts = c.getPackageName().substring(ROOT.length()).split("\\.");
      if (parts.length > 1) {
        packages.add(parts[1]);
      }
    }
    assertEquals(new TreeSet<>(ARROWS.keySet()), packages);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void purePackagesDoNoIo() {
    noClassesIn(PURE)
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.net\\.(Server|Datagram|Multicast)?Socket|java\\.net\\.Socket[A-Z].*")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..", "java.nio.file..", "org.xnio..", "io.undertow..")
        .orShould()
        .accessTargetWhere(looksUpNames())
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void purePackagesHaveNoClockNoDiceAndNoThreads() {
    noClassesIn(PURE)
        .should()
        .accessTargetWhere(readsClockOrDice().or(blocks()))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void nothingBlocksAnIoThread() {
    noClassesIn(ON_IO_THREADS)
        .should()
        .accessTargetWhere(blocks().or(looksUpNames()))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void onlyTheResolverLooksUpNames() {
    noClassesIn(packages("connect"))
        .and()
        .haveSimpleNameNotStartingWith("AddressResolver")
        .should()
        .accessTargetWhere(looksUpNames())
        .orShould()
        .accessTargetWhere(blocks())
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void onlyJsonKnowsJackson() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".json..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(CORE);
  }

  /** Builders take a registry in their signatures, and do no more with it. */
  @Test
  void onlyMetricsKnowMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".metrics..")
        .and()
        .areNotAssignableTo(ProxyBuilder.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CORE);
  }

  @Test
  void nothingWritesToTheStandardStreams() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
  }

  /** What users see; the other packages are public only to each other. */
  @Test
  void usersSeeNothingOfTheServerUnderneathButItsHandler() {
    noMethods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(
            Stream.concat(Stream.of(ROOT), Stream.of(packages("http", "spi", "header")))
                .toArray(String[]::new))
        .and()
        .doNotHaveName("handler")
        .should()
        .haveRawReturnType(resideInAnyPackage("org.xnio..", "io.undertow.."))
        .orShould()
        .haveRawParameterTypes(anyElementThat(resideInAnyPackage("org.xnio..", "io.undertow..")))
        .check(CORE);
  }

  @Test
  void everyPackageIsNullMarked() {
    requireNullMarkedPackages(CORE);
  }

  private static String[] packages(String... names) {
    return Stream.of(names).map(name -> ROOT + "." + name).toArray(String[]::new);
  }

  private static String[] below(String... packages) {
    return Stream.of(packages).map(name -> name + "..").toArray(String[]::new);
  }
}
