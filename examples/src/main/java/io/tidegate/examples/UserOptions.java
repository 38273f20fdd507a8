package io.tidegate.examples;

import io.tidegate.core.spi.Secret;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.auth.AuthenticationBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whom a forward proxy serves. */
final class UserOptions {
  @Option(
      names = "--user",
      paramLabel = "NAME:PASSWORD",
      description =
          "Serves this user; repeatable. Whoever can list this machine's processes sees it:"
              + " prefer --password-file.")
  private List<String> users = new ArrayList<>();

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Serves the users in this file, as 'htpasswd -B' writes it.")
  private @Nullable String passwordFile;

  @Option(
      names = "--group-file",
      paramLabel = "FILE",
      description = "Groups of users, a line 'group: name name' for each.")
  private @Nullable String groupFile;

  @Option(
      names = "--digest-file",
      paramLabel = "FILE",
      description = "Serves the users in this file by Digest; lines 'name:realm:SHA-256'.")
  private @Nullable String digestFile;

  /** Asks clients who they are, if there is an option about it. */
  void apply(ForwardProxy.Builder builder) {
    if (!users.isEmpty() || passwordFile != null || groupFile != null || digestFile != null) {
      builder.authentication(this::apply);
    }
  }

  private void apply(AuthenticationBuilder authentication) {
    for (String user : users) {
      int colon = user.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("--user: a value (expected: NAME:PASSWORD)");
      }
      authentication.user(user.substring(0, colon), Secret.of(user.substring(colon + 1)));
    }
    if (passwordFile != null) {
      authentication.passwordFile(passwordFile);
    }
    if (groupFile != null) {
      authentication.groupFile(groupFile);
    }
    if (digestFile != null) {
      authentication.digestFile(digestFile);
    }
  }
}
