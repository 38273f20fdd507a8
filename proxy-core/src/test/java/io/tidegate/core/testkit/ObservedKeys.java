package io.tidegate.core.testkit;

import java.math.BigInteger;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a server, of elliptic curves, which tell when they are used. To be asked for is not
 * to be used: a server may look for the key that a session began with, and resume it without one.
 */
final class ObservedKeys extends X509ExtendedKeyManager {
  private final X509ExtendedKeyManager keys;
  private final Runnable used;

  ObservedKeys(X509ExtendedKeyManager keys, Runnable used) {
    this.keys = keys;
    this.used = used;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    PrivateKey key = keys.getPrivateKey(alias);
    return key == null ? null : new ObservedKey((ECPrivateKey) key, used);
  }

  private record ObservedKey(ECPrivateKey key, Runnable used) implements ECPrivateKey {
    @Override
    public BigInteger getS() {
      used.run();
      return key.getS();
    }

    @Override
    public byte[] getEncoded() {
      used.run();
      return key.getEncoded();
    }

    @Override
    public ECParameterSpec getParams() {
      return key.getParams();
    }

    @Override
    public String getAlgorithm() {
      return key.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return key.getFormat();
    }
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return keys.getCertificateChain(alias);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return keys.chooseEngineServerAlias(keyType, issuers, engine);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return keys.chooseServerAlias(keyType, issuers, socket);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return keys.getServerAliases(keyType, issuers);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return keys.chooseClientAlias(keyType, issuers, socket);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return keys.getClientAliases(keyType, issuers);
  }
}
