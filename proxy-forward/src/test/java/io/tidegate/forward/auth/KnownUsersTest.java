package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.spi.Upstreams;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files say, and that they are read again. */
class KnownUsersTest {
  private static final String ALICE =
      "alice:$2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS\n"; // secret

  private final KeyedHash hashes = new KeyedHash(new byte[32]);
  private final BlockingQueue<Runnable> timers = new LinkedBlockingQueue<>();
  private long modified = 1_700_000_000_000L;
  private final AuthenticationWork work = new AuthenticationWork();
  private KnownUsers known;

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    if (known != null) {
      known.stop();
    }
    work.stop();
  }

  private String file(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, content);
    modified += 1000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
    return file.toString();
  }

  private static AuthenticationSettings settings(Consumer<AuthenticationBuilder> details) {
    AuthenticationBuilder builder = new AuthenticationBuilder(AuthenticationSettings.DEFAULT);
    details.accept(builder);
    return builder.settings();
  }

  private Directory read(Consumer<AuthenticationBuilder> details) {
    Checks checks = new Checks();
    Directory read = new UserFiles(settings(details), hashes, checks).read(checks);
    checks.done();
    return read;
  }

  private List<String> problems(Consumer<AuthenticationBuilder> details) {
    try {
      read(details);
      return List.of();
    } catch (InvalidSettingsException e) {
      return e.problems();
    }
  }

  private final Upstreams upstreams =
      new Upstreams() {
        @Override
        public void run(Runnable task) {
          task.run();
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
          timers.add(task);
          return () -> {};
        }

        @Override
        public void addresses(String host, Completion<List<InetAddress>> completion) {}

        @Override
        public Runnable reach(
            Destination destination, Duration timeout, Completion<Destination> completion) {
          return () -> {};
        }

        @Override
        public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
          return () -> {};
        }
      };

  /** Lets the time of one look pass, and waits until it is over. */
  private void look() throws InterruptedException {
    timers.take().run();
    Runnable next = timers.poll(10, TimeUnit.SECONDS);
    assertEquals(true, next != null, "there is another look after this one");
    timers.add(next);
  }

  private void start(Consumer<AuthenticationBuilder> details) {
    Checks checks = new Checks();
    known = new KnownUsers(settings(details), hashes, System::nanoTime, work, checks);
    checks.done();
    known.start(upstreams);
  }

  @Test
  void usersHavePasswordsAndGroups() throws Exception {
    String users = file("users", "# people\n\n" + ALICE + "bob:" + ALICE.substring(6));
    String groups = file("groups", "staff: alice  bob\r\nroot: alice\nempty:\n");
    Directory read =
        read(
            a ->
                a.passwordFile(users)
                    .groupFile(groups)
                    .user("carol", Secret.of("c"))
                    .user("bob", Secret.of("b")));
    assertEquals(Set.of("staff", "root"), read.passwords().find("alice", "secret").groups());
    assertEquals(null, read.passwords().find("alice", "Secret"));
    assertEquals(Set.of("staff"), read.passwords().find("bob", "b").groups());
    assertEquals(null, read.passwords().find("bob", "secret"));
    assertEquals("carol", read.passwords().find("carol", "c").user());
    assertEquals(null, read.passwords().find("dave", "c"));
  }

  @Test
  void whatIsWrongInAPasswordFileIsToldByItsLine() throws Exception {
    String users =
        file("u", ALICE + "bob:$apr1$x$y\nnobody\n:x\ncarol:pw\n" + ALICE + "dave:{SHA}x\n*:x\n");
    String where = "passwordFile: " + users + ": line ";
    String expected =
        " (expected: name:hash, a bcrypt ($2y$), PBKDF2 ($pbkdf2-sha256$) or argon2id ($argon2id$) hash)";
    assertEquals(
        List.of(
            where + "2: an MD5 hash" + expected,
            where + "3: a line without a colon" + expected,
            where + "4: a name that is empty or has a colon or controls in it" + expected,
            where + "5: a plain password, or a hash of another kind" + expected,
            where + "6: a user who is there before" + expected,
            where + "7: a SHA-1 hash" + expected,
            where + "8: the name *, which stands for every user in rules" + expected),
        problems(a -> a.passwordFile(users)));
  }

  @Test
  void notEveryLineOfAnotherKindOfFileIsTold() throws Exception {
    String users = file("u", "x\n".repeat(1000));
    assertEquals(10, problems(a -> a.passwordFile(users)).size());
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws Exception {
    String missing = directory.resolve("missing").toString();
    assertEquals(
        List.of("passwordFile: " + missing + ": cannot be read (expected: a file that can)"),
        problems(a -> a.passwordFile(missing)));
    Path binary = directory.resolve("binary");
    Files.write(binary, new byte[] {'a', ':', (byte) 0xff});
    assertEquals(
        List.of("digestFile: " + binary + ": octets that are no text (expected: a file in UTF-8)"),
        problems(a -> a.digestFile(binary.toString())));
  }

  @Test
  void aFileOfMoreThanSixtyFourMebibytesIsNotRead() throws Exception {
    Path file = directory.resolve("long");
    try (RandomAccessFile octets = new RandomAccessFile(file.toFile(), "rw")) {
      octets.setLength((64 << 20) + 1);
    }
    assertEquals(
        List.of("groupFile: " + file + ": too long (expected: at most 64 MiB)"),
        problems(a -> a.groupFile(file.toString())));
  }

  @Test
  void aSecretThatCannotBeReadIsTold() {
    String missing = directory.resolve("missing").toString();
    assertEquals(
        List.of("users.a: file " + missing + " (expected: a file in UTF-8 that can be read)"),
        problems(a -> a.user("a", Secret.file(missing))));
    assertEquals(
        List.of("users.a: an empty password (expected: one that is not)"),
        problems(a -> a.user("a", Secret.of(""))));
  }

  @Test
  void digestFilesServeSeveralRealms() throws Exception {
    String hash = DigestUsers.hash("alice", "egress:1", "secret");
    String file =
        file("d", "alice:egress:1:" + hash.toUpperCase(java.util.Locale.ROOT) + "\nbob:x:" + hash);
    Directory read = read(a -> a.realm("egress:1").digestFile(file).user("carol", Secret.of("c")));
    assertEquals(hash, read.digests().find("alice").hash());
    assertEquals(null, read.digests().find("bob"));
    assertEquals(DigestUsers.hash("carol", "egress:1", "c"), read.digests().find("carol").hash());
    assertEquals("alice", read.digests().find("alice").toString());
  }

  @Test
  void whatIsWrongInADigestFileIsToldByItsLine() throws Exception {
    String file = file("d", "alice:proxy:d41d8cd98f00b204e9800998ecf8427e\nbob:proxy:x\n");
    String where = "digestFile: " + file + ": line ";
    String expected =
        " (expected: name:realm:SHA-256 of name:realm:password in 64 hexadecimal digits)";
    assertEquals(
        List.of(where + "1: an MD5 hash" + expected, where + "2: no hash" + expected),
        problems(a -> a.digestFile(file)));
  }

  @Test
  void aFileThatHasChangedAndRestsIsReadAgain() throws Exception {
    String users = file("u", ALICE);
    start(a -> a.passwordFile(users));
    PasswordCheck before = known.passwords();
    look();
    assertSame(before, known.passwords());
    file("u", "bob" + ALICE.substring(5));
    look();
    assertSame(before, known.passwords()); // it may still be written
    look();
    assertNotSame(before, known.passwords());
    PasswordCheck after = known.passwords();
    look();
    look();
    assertSame(after, known.passwords());
  }

  @Test
  void aFileThatGoesOnChangingIsNotReadYet() throws Exception {
    String users = file("u", ALICE);
    start(a -> a.passwordFile(users));
    PasswordCheck before = known.passwords();
    for (int i = 0; i < 4; i++) {
      file("u", ALICE);
      look();
      assertSame(before, known.passwords());
    }
    look();
    assertNotSame(before, known.passwords());
  }

  @Test
  void usersStayWhenAFileIsBadOrMissing() throws Exception {
    String users = file("u", ALICE);
    start(a -> a.passwordFile(users));
    PasswordCheck before = known.passwords();
    file("u", ALICE + "bob:plain\n");
    look();
    look();
    assertSame(before, known.passwords());
    Files.delete(directory.resolve("u"));
    look();
    look();
    assertSame(before, known.passwords());
    file("u", ALICE);
    look();
    look();
    assertNotSame(before, known.passwords());
  }

  @Test
  void aChangeOfGroupsIsReadToo() throws Exception {
    String users = file("u", ALICE);
    String groups = file("g", "staff: alice");
    start(a -> a.passwordFile(users).groupFile(groups));
    PasswordCheck before = known.passwords();
    file("g", "staff:");
    look();
    look();
    assertNotSame(before, known.passwords());
  }

  @Test
  void whatAReloadHadReadBeforeTheFilesChangedDoesNotStay() throws Exception {
    String bob = "bob" + ALICE.substring(5);
    String users = file("u", ALICE);
    start(a -> a.passwordFile(users));
    Checks checks = new Checks();
    KnownUsers.Read read = known.readAgain(checks);
    checks.done();
    file("u", bob);
    look();
    look();
    PasswordCheck ofBob = known.passwords();
    known.become(read);
    PasswordCheck ofAlice = known.passwords();
    assertNotSame(ofBob, ofAlice);
    look();
    assertNotSame(ofAlice, known.passwords());
    PasswordCheck after = known.passwords();
    look();
    assertSame(after, known.passwords());
  }
}
