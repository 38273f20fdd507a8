package io.tidegate.forward.auth;

import static io.tidegate.forward.Sample.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Identity;
import io.tidegate.forward.auth.KeyedHash.Fingerprint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PasswordCheckTest {
  private static final Identity ALICE = Identity.of("alice");
  private static final BasicCredentials RIGHT = new BasicCredentials("alice", "secret");

  private final AtomicLong now = new AtomicLong();
  private final KeyedHash hashes = new KeyedHash(new byte[32]);
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final PasswordCheck check = check(Map.of("alice", "secret", "bob", "hidden"));
  private final Fingerprint fingerprint = check.fingerprint(new byte[] {1});

  private PasswordCheck check(Map<String, String> passwords) {
    Map<String, Users.User> users = new HashMap<>();
    passwords.forEach(
        (name, password) ->
            users.put(
                name,
                new Users.User(
                    Identity.of(name),
                    given -> {
                      asked.add(name + " " + given);
                      return given.equals(password);
                    })));
    return new PasswordCheck(
        new Users(users, hashes), hashes, tasks::add, Duration.ofMinutes(5), now::get);
  }

  private PasswordCheck.Waiting waiting(String address, boolean wanted) {
    return new PasswordCheck.Waiting() {
      @Override
      public InetAddress client() {
        return ip(address);
      }

      @Override
      public boolean isWanted() {
        return wanted;
      }

      @Override
      public void right(Identity identity) {
        told.add("right " + identity.user());
      }

      @Override
      public void wrong(boolean counts) {
        told.add("wrong " + counts);
      }

      @Override
      public void lockedOut() {
        told.add("locked out");
      }

      @Override
      public void notDone() {
        told.add("not done");
      }
    };
  }

  private PasswordCheck.Waiting waiting() {
    return waiting("192.0.2.1", true);
  }

  private void runAll() {
    while (!tasks.isEmpty()) {
      tasks.pop().run();
    }
  }

  @Test
  void whatIsRightIsRememberedForAWhile() {
    assertNull(check.remembered(fingerprint));
    check.check(fingerprint, RIGHT, waiting());
    assertEquals(List.of(), told);
    runAll();
    assertEquals(List.of("right alice"), told);
    now.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
    assertEquals(ALICE, check.remembered(fingerprint));
    assertNull(check.remembered(check.fingerprint(new byte[] {2})));
    now.addAndGet(1);
    assertNull(check.remembered(fingerprint));
    assertTrue(check.isProven(fingerprint));
  }

  @Test
  void whatIsWrongIsNotRemembered() {
    check.check(fingerprint, new BasicCredentials("alice", "x"), waiting());
    runAll();
    assertEquals(List.of("wrong true"), told);
    assertNull(check.remembered(fingerprint));
    assertFalse(check.isProven(fingerprint));
  }

  @Test
  void aFloodOfTheSameCredentialsIsCheckedOnce() {
    for (int i = 0; i < 1000; i++) {
      check.check(fingerprint, RIGHT, waiting());
    }
    assertEquals(1, tasks.size());
    runAll();
    assertEquals(1000, told.size());
    assertEquals(List.of("alice secret"), asked);
  }

  @Test
  void aWrongPasswordCountsOnceForEachAddress() {
    BasicCredentials wrong = new BasicCredentials("alice", "x");
    check.check(fingerprint, wrong, waiting("192.0.2.1", true));
    check.check(fingerprint, wrong, waiting("192.0.2.1", true));
    check.check(fingerprint, wrong, waiting("192.0.2.2", true));
    runAll();
    assertEquals(List.of("wrong true", "wrong false", "wrong true"), told);
  }

  @Test
  void anUnknownNameCostsACheckOfTheSameOtherHash() {
    check.check(fingerprint, new BasicCredentials("nobody", "x"), waiting());
    runAll();
    check.check(fingerprint, new BasicCredentials("nobody", "x"), waiting());
    runAll();
    assertEquals(2, asked.size());
    assertEquals(asked.get(0), asked.get(1));
    assertEquals(List.of("wrong true", "wrong true"), told);
  }

  @Test
  void thePasswordOfTheStandInDoesNotLetAnybodyIn() {
    for (String password : List.of("secret", "hidden")) {
      for (int i = 0; i < 20; i++) {
        check.check(fingerprint, new BasicCredentials("nobody" + i, password), waiting());
        runAll();
      }
    }
    assertEquals(40, told.stream().filter("wrong true"::equals).count());
  }

  @Test
  void nothingIsCheckedForWhoHasBeenLockedOutMeanwhile() {
    check.check(fingerprint, RIGHT, waiting("192.0.2.1", false));
    runAll();
    assertEquals(List.of(), asked);
    assertEquals(List.of("locked out"), told);
  }

  @Test
  void whoHasBeenLockedOutKeepsNobodyElseFromACheck() {
    check.check(fingerprint, RIGHT, waiting("192.0.2.1", false));
    check.check(fingerprint, RIGHT, waiting("192.0.2.2", true));
    runAll();
    assertEquals(List.of("alice secret"), asked);
    assertEquals(List.of("locked out", "right alice"), told);
  }

  @Test
  void whoHasBeenLockedOutIsNotToldWhatWasFoundForOthers() {
    BasicCredentials wrong = new BasicCredentials("alice", "x");
    check.check(fingerprint, wrong, waiting("192.0.2.1", true));
    check.check(fingerprint, wrong, waiting("192.0.2.2", false));
    runAll();
    assertEquals(List.of("locked out", "wrong true"), told);
  }

  @Test
  void whatHasBeenRightIsCheckedForWhoHasBeenLockedOutToo() {
    check.check(fingerprint, RIGHT, waiting());
    runAll();
    now.addAndGet(Duration.ofMinutes(5).toNanos());
    check.check(fingerprint, RIGHT, waiting("192.0.2.1", false));
    runAll();
    assertEquals(List.of("right alice", "right alice"), told);
  }

  @Test
  void whenTooMuchWaitsNothingIsDone() {
    PasswordCheck busy =
        new PasswordCheck(
            new Users(Map.of(), hashes),
            hashes,
            task -> {
              throw new RejectedExecutionException();
            },
            Duration.ofMinutes(5),
            now::get);
    busy.check(fingerprint, RIGHT, waiting());
    busy.check(fingerprint, RIGHT, waiting());
    assertEquals(List.of("not done", "not done"), told);
  }

  @Test
  void aCheckThatBreaksIsNotDone() {
    Users broken =
        new Users(
            Map.of(
                "alice",
                new Users.User(
                    ALICE,
                    password -> {
                      throw new IllegalStateException();
                    })),
            hashes);
    new PasswordCheck(broken, hashes, tasks::add, Duration.ofMinutes(5), now::get)
        .check(fingerprint, RIGHT, waiting());
    runAll();
    assertEquals(List.of("not done"), told);
  }

  @Test
  void nobodyIsKnownAmongNoUsers() {
    check(Map.of()).check(fingerprint, RIGHT, waiting());
    runAll();
    assertEquals(List.of("wrong true"), told);
  }
}
