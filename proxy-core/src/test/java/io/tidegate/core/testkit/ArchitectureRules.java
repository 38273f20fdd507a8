package io.tidegate.core.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/**
 * What no code of ours may do, in words that the rules of every module share. Calls include method
 * references.
 */
public final class ArchitectureRules {
  private static final Set<String> NAME_LOOK_UPS =
      Set.of(
          "getByName",
          "getAllByName",
          "getLocalHost",
          "getHostName",
          "getCanonicalHostName",
          "isReachable");

  private ArchitectureRules() {}

  /** The classes of a package and those below it, without tests. */
  public static JavaClasses classesOf(String packageName) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(packageName);
  }

  /** The classes of these packages and those below them. */
  public static GivenClassesConjunction noClassesIn(String... packages) {
    String[] below = packages.clone();
    for (int i = 0; i < below.length; i++) {
      below[i] += "..";
    }
    return noClasses().that().resideInAnyPackage(below);
  }

  /** Reads a clock or rolls dice: time and chance are arguments of pure code. */
  public static DescribedPredicate<JavaAccess<?>> readsClockOrDice() {
    return describe(
        "reads a clock or rolls dice",
        call ->
            isCall(call, System.class, "nanoTime", "currentTimeMillis")
                || isCall(call, Instant.class, "now")
                || isCall(call, Math.class, "random")
                || (to(call, InstantSource.class) && call.getName().startsWith("system"))
                || to(call, Random.class)
                || to(call, ThreadLocalRandom.class));
  }

  /** Blocks the thread, an IO thread's worst. */
  public static DescribedPredicate<JavaAccess<?>> blocks() {
    return describe(
        "blocks",
        call ->
            isCall(call, Thread.class, "sleep", "join")
                || isCall(call, Future.class, "get")
                || isCall(call, CompletableFuture.class, "join"));
  }

  /** Asks a name server, or might. */
  public static DescribedPredicate<JavaAccess<?>> looksUpNames() {
    return describe(
        "looks up names",
        call ->
            isCall(call, InetAddress.class, NAME_LOOK_UPS.toArray(String[]::new))
                || isCall(call, InetSocketAddress.class, "getHostName")
                || (isCall(call, InetSocketAddress.class, "<init>")
                    && call.getTarget().getFullName().contains("String")));
  }

  /** Fails unless every package of {@code classes} that has classes is {@code @NullMarked}. */
  public static void requireNullMarkedPackages(JavaClasses classes) {
    for (JavaClass c : classes) {
      if (!c.getPackage().isAnnotatedWith(NullMarked.class)) {
        throw new AssertionError("package " + c.getPackageName() + " is not @NullMarked");
      }
    }
  }

  private static boolean to(JavaAccess<?> call, Class<?> owner) {
    return assignableTo(owner).test(call.getTargetOwner());
  }

  private static boolean isCall(JavaAccess<?> call, Class<?> owner, String... names) {
    return Set.of(names).contains(call.getName()) && to(call, owner);
  }
}
