package io.tidegate.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What we prove ourselves with to upstreams that ask: the one certificate that was chosen for them,
 * whichever issuers they say they know, if only they can verify a key of its kind.
 */
final class OwnCertificate extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final Credentials credentials;
  private final X509Certificate[] chain;

  OwnCertificate(Credentials credentials) {
    this.credentials = credentials;
    this.chain = credentials.chain().toArray(X509Certificate[]::new);
  }

  private @Nullable String alias(String[] keyTypes) {
    return Arrays.asList(keyTypes).contains(credentials.key().getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyTypes);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return alias.equals(ALIAS) ? chain.clone() : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return alias.equals(ALIAS) ? credentials.key() : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return alias(new String[] {keyType}) == null ? null : new String[] {ALIAS};
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
