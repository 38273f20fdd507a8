package io.tidegate.forward.access;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link RequestPattern} says about who asks, parsed. */
final class ClientMatcher {
  private final List<AddressRange> ranges;
  private final List<String> users;
  private final List<String> groups;
  private final List<CertificatePattern> certificates;

  ClientMatcher(RequestPattern pattern) {
    this.ranges = pattern.clients().stream().map(AddressRange::parse).toList();
    this.users = pattern.users();
    this.groups = pattern.groups();
    this.certificates =
        pattern.certificates().stream()
            .map(name -> Objects.requireNonNull(CertificatePattern.parse(name)))
            .toList();
  }

  boolean matches(ClientRequest request) {
    return RequestMatcher.contains(ranges, request.clientAddress().getAddress())
        && (users.isEmpty() || isUser(request.user()))
        && (groups.isEmpty() || isMember(request.identity()))
        && (certificates.isEmpty() || isCertified(request.certificates()));
  }

  private boolean isUser(String user) {
    for (int i = 0; i < users.size() && !user.isEmpty(); i++) {
      if (users.get(i).equals(user) || users.get(i).equals(RequestPattern.ANY_USER)) {
        return true;
      }
    }
    return false;
  }

  private boolean isMember(@Nullable Identity identity) {
    for (int i = 0; i < groups.size() && identity != null; i++) {
      if (identity.groups().contains(groups.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCertified(List<X509Certificate> proofs) {
    for (int i = 0; i < certificates.size() && !proofs.isEmpty(); i++) {
      if (certificates.get(i).matches(proofs.get(0))) {
        return true;
      }
    }
    return false;
  }
}
