package io.tidegate.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The credentials for one host, of which the handshake chooses by the kinds of keys it can use. */
final class KeyChoice extends X509ExtendedKeyManager {
  private final Map<String, Credentials> byAlgorithm = new LinkedHashMap<>();

  /** Of several with keys of one kind, the first counts. */
  KeyChoice(List<Credentials> credentials) {
    for (Credentials one : credentials) {
      byAlgorithm.putIfAbsent(one.key().getAlgorithm(), one);
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return byAlgorithm.containsKey(keyType) ? keyType : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return byAlgorithm.containsKey(keyType) ? new String[] {keyType} : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Credentials found = byAlgorithm.get(alias);
    return found == null ? null : found.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Credentials found = byAlgorithm.get(alias);
    return found == null ? null : found.key();
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // a server's
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
