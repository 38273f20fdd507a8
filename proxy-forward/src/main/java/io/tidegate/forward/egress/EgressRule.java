package io.tidegate.forward.egress;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.forward.access.RequestPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How some requests are sent.
 *
 * @param requests which ones
 * @param sourceAddresses the addresses of this machine that connections are made from, in turn; any
 *     if there are none
 * @param https whether http requests are sent on over TLS
 * @param httpsPort the port that takes the place of 80; 443 if empty
 * @param credentials what upstreams know us by
 * @param tls how TLS is spoken then; as the proxy does if empty
 */
public record EgressRule(
    RequestPattern requests,
    List<String> sourceAddresses,
    boolean https,
    Optional<Integer> httpsPort,
    List<Credential> credentials,
    Optional<UpstreamTlsSettings> tls) {
  /**
   * A field with a secret.
   *
   * @param field the name of the field
   * @param secret what is secret of its value
   * @param prefix what stands before that: {@code "Bearer "}
   */
  public record Credential(String field, Secret secret, Optional<String> prefix) {}

  /** They belong to the connection, to the engine or to parent proxies. */
  private static final Set<FieldName> NOT_OURS =
      Set.of(
          FieldName.HOST,
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.TE,
          FieldName.TRAILER,
          FieldName.UPGRADE,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.PROXY_AUTHORIZATION,
          FieldName.VIA);

  /** Copies the lists. */
  public EgressRule {
    sourceAddresses = List.copyOf(sourceAddresses);
    credentials = List.copyOf(credentials);
  }

  /** Notes every value that cannot work. */
  void check(Checks checks) {
    requests.check(checks, "egress");
    for (String address : sourceAddresses) {
      if (Ip.parse(address) == null) {
        checks.reject("sourceAddress", address, "an IP address");
      }
    }
    httpsPort.ifPresent(port -> checks.between("httpsPort", port, 1, 65535));
    if (httpsPort.isPresent() && !https) {
      checks.reject("httpsPort", httpsPort.get(), "none without https");
    }
    if (tls.isPresent() && !https) {
      checks.reject("tls", "details", "none without https");
    }
    for (Credential credential : credentials) {
      if (!Ascii.isToken(credential.field()) || isNotOurs(credential.field())) {
        checks.reject(
            "credential", credential.field(), "the name of a field that says who the client is");
      }
      if (!credential.prefix().map(Ascii::isFieldValue).orElse(true)) {
        checks.reject("credential " + credential.field(), "its prefix", "no control characters");
      }
      if (!https) {
        checks.reject("credential", credential.field(), "https as well: it must not be overheard");
      }
      if (requests.hosts().isEmpty() || requests.hosts().contains("*")) {
        checks.reject(
            "credential",
            credential.field(),
            "hosts it is for, by name or address, and not all of them");
      }
    }
  }

  private static boolean isNotOurs(String field) {
    return NOT_OURS.contains(FieldName.of(field));
  }
}
