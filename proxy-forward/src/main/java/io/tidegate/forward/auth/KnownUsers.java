package io.tidegate.forward.auth;

import io.tidegate.core.io.FileWatch;
import io.tidegate.core.io.RepeatedLook;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Upstreams;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Everybody who is known at present: files are read again when they have changed, and secrets when
 * settings are reloaded.
 */
final class KnownUsers implements Background {
  private static final System.Logger LOG = System.getLogger(KnownUsers.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final AuthenticationSettings settings;
  private final KeyedHash chance;
  private final LongSupplier nanoTime;
  private final Executor worker;
  private volatile UserFiles files;

  /** Held by whoever changes who is known. */
  private final Object changing = new Object();

  /** How often files have been read again because they had changed. */
  private int looks;

  /** Whether what is known may be older than what the files say, though they have not changed. */
  private volatile boolean overtaken;

  private final FileWatch watch;
  private volatile DigestUsers digests;
  private volatile PasswordCheck passwords;

  /** The fingerprint of all that was read. */
  private volatile String known;

  private final RepeatedLook looking;

  /** Reads secrets and files; {@code worker} checks passwords, and reads files again. */
  KnownUsers(
      AuthenticationSettings settings,
      KeyedHash chance,
      LongSupplier nanoTime,
      Executor worker,
      Checks checks) {
    this.settings = settings;
    this.chance = chance;
    this.nanoTime = nanoTime;
    this.worker = worker;
    this.looking = new RepeatedLook(LOOK, worker, this::look, KnownUsers::warn);
    this.files = new UserFiles(settings, chance, checks);
    this.watch = new FileWatch(files.paths());
    Directory directory = files.read(checks);
    this.known = directory.fingerprint();
    this.digests = directory.digests();
    this.passwords = check(directory.passwords());
  }

  /** What secrets and files say now, as far as nothing is wrong with them; nothing changes. */
  Read readAgain(Checks checks) {
    int begun;
    synchronized (changing) {
      begun = looks;
    }
    UserFiles again = new UserFiles(settings, chance, checks);
    return new Read(again, again.read(checks), begun);
  }

  /** What was read, from what, and after how many looks. */
  record Read(UserFiles files, Directory directory, int looks) {}

  /**
   * Knows whom {@code read} says; if that is nobody else, all that has been proved stays so. Should
   * the files have changed since, they are read once more at the next look.
   */
  void become(Read read) {
    synchronized (changing) {
      if (!read.directory().fingerprint().equals(known)) {
        become(read.directory());
      }
      files = read.files();
      if (read.looks() != looks) {
        overtaken = true;
      }
    }
  }

  private void become(Directory directory) {
    known = directory.fingerprint();
    digests = directory.digests();
    passwords = check(directory.passwords());
  }

  private PasswordCheck check(Users users) {
    return new PasswordCheck(users, chance, worker, settings.remember(), nanoTime);
  }

  PasswordCheck passwords() {
    return passwords;
  }

  DigestUsers digests() {
    return digests;
  }

  /** Looks every few seconds whether files have changed. */
  @Override
  public void start(Upstreams upstreams) {
    if (!files.paths().isEmpty()) {
      looking.start(upstreams);
    }
  }

  /** Reads what has changed. What is wrong leaves everything as it was. */
  private boolean look() {
    boolean changed = watch.isChanged();
    if (!changed && !overtaken) {
      return false;
    }
    overtaken = false;
    readFiles();
    LOG.log(Level.INFO, "users have been read again");
    return true;
  }

  private static void warn(String why) {
    LOG.log(Level.WARNING, "users stay as they were, the new files will not do: {0}", why);
  }

  /** Who has been read with secrets that are no more, by then, does not count. */
  private void readFiles() {
    UserFiles by = files;
    Checks checks = new Checks();
    Directory directory = by.read(checks.at("authentication"));
    checks.done();
    synchronized (changing) {
      if (files == by) {
        become(directory);
        looks++;
      } else {
        overtaken = true;
      }
    }
  }

  @Override
  public void stop() {
    looking.stop();
  }
}
