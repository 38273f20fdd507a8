package io.tidegate.forward.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.core.SecretReader;
import io.tidegate.core.io.BoundedFile;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everybody the settings know, themselves and in the files they name. Reads files: not for an IO
 * thread.
 */
final class UserFiles {
  private static final int MOST_OCTETS = 64 << 20;
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final AuthenticationSettings settings;
  private final KeyedHash chance;
  private final Map<String, String> given = new TreeMap<>();

  /**
   * Reads the secrets of {@code settings}, once; what cannot be read is noted in {@code checks}.
   */
  UserFiles(AuthenticationSettings settings, KeyedHash chance, Checks checks) {
    this.settings = settings;
    this.chance = chance;
    settings.users().forEach((name, secret) -> given.put(name, password(name, secret, checks)));
  }

  private static String password(String name, Secret secret, Checks checks) {
    String setting = Checks.below("users", name);
    Checks reading = new Checks();
    String password = SecretReader.read(secret, setting, reading);
    if (reading.passed() && password.isEmpty()) {
      reading.reject(setting, "an empty password", "one that is not");
    }
    checks.addAll(reading);
    return password;
  }

  /** The files there are to read. */
  List<Path> paths() {
    return Stream.of(settings.passwordFile(), settings.groupFile(), settings.digestFile())
        .flatMap(Optional::stream)
        .map(Path::of)
        .toList();
  }

  /** Reads the files; what is wrong is noted in {@code checks}. */
  Directory read(Checks checks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Map<String, Set<String>> groups = groups(all, checks);
    Users users = new Users(users(groups, all, checks), chance);
    DigestUsers digests = digests(groups, all, checks);
    given.forEach((name, password) -> note((name + '\n' + password).getBytes(UTF_8), all));
    String fingerprint = HexFormat.of().formatHex(chance.of(all.toByteArray()));
    return new Directory(users, digests, fingerprint);
  }

  /** Notes something that was read: "ab" and "c" are not "a" and "bc". */
  private static void note(byte[] octets, ByteArrayOutputStream all) {
    all.writeBytes(ByteBuffer.allocate(4).putInt(octets.length).array());
    all.writeBytes(octets);
  }

  private Map<String, Users.User> users(
      Map<String, Set<String>> groups, ByteArrayOutputStream all, Checks checks) {
    Map<String, Users.User> users = new HashMap<>();
    read(
            settings.passwordFile(),
            "passwordFile",
            "name:hash, " + PasswordHash.EXPECTED,
            all,
            checks)
        .forEach(
            line -> {
              String name = UserLines.name(line);
              PasswordHash hash = PasswordHash.parse(line.substring(name.length() + 1));
              unlessThere(users, name, new Users.User(identity(name, groups), hash));
            });
    given.forEach(
        (name, password) ->
            users.put(
                name, new Users.User(identity(name, groups), new GivenPassword(password, chance))));
    return users;
  }

  private DigestUsers digests(
      Map<String, Set<String>> groups, ByteArrayOutputStream all, Checks checks) {
    Map<String, DigestUsers.User> users = new HashMap<>();
    read(
            settings.digestFile(),
            "digestFile",
            "name:realm:SHA-256 of name:realm:password in 64 hexadecimal digits",
            all,
            checks)
        .forEach(
            line -> {
              String name = UserLines.name(line);
              int colon = line.lastIndexOf(':');
              String hash = DigestUsers.checkedHash(line.substring(colon + 1));
              String realm = colon <= name.length() ? "" : line.substring(name.length() + 1, colon);
              if (realm.equals(settings.realm())) { // such files serve several realms
                unlessThere(users, name, new DigestUsers.User(identity(name, groups), hash));
              }
            });
    given.forEach(
        (name, password) -> {
          String hash = DigestUsers.hash(name, settings.realm(), password);
          users.put(name, new DigestUsers.User(identity(name, groups), hash));
        });
    return new DigestUsers(users);
  }

  private Map<String, Set<String>> groups(ByteArrayOutputStream all, Checks checks) {
    Map<String, Set<String>> groups = new HashMap<>();
    read(settings.groupFile(), "groupFile", "group: name name …", all, checks)
        .forEach(
            line -> {
              String group = UserLines.name(line);
              for (String user : SPACE.split(line.substring(group.length() + 1).strip(), -1)) {
                groups.computeIfAbsent(user, name -> new HashSet<>()).add(group);
              }
            });
    return groups;
  }

  private static Identity identity(String name, Map<String, Set<String>> groups) {
    return new Identity(name, groups.getOrDefault(name, Set.of()));
  }

  private static <T> void unlessThere(Map<String, T> users, String name, T user) {
    if (users.putIfAbsent(name, user) != null) {
      throw new IllegalArgumentException("a user who is there before");
    }
  }

  /** Reads a line of a file. */
  private interface Lines {
    void forEach(UserLines.Reader reader);
  }

  private static Lines read(
      Optional<String> path,
      String name,
      String expected,
      ByteArrayOutputStream all,
      Checks checks) {
    if (path.isEmpty()) {
      return reader -> {};
    }
    String setting = name + ": " + path.get();
    return reader -> {
      byte[] octets = octets(path.get(), setting, checks);
      note(octets, all);
      new UserLines(setting, expected, checks).read(octets, reader);
    };
  }

  private static byte[] octets(String path, String setting, Checks checks) {
    try {
      Optional<byte[]> octets = BoundedFile.read(Path.of(path), MOST_OCTETS);
      if (octets.isEmpty()) {
        checks.reject(setting, "too long", "at most 64 MiB");
      }
      return octets.orElseGet(() -> new byte[0]);
    } catch (IOException | InvalidPathException e) {
      checks.reject(setting, "cannot be read", "a file that can");
      return new byte[0];
    }
  }
}
