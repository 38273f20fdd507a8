package io.tidegate.examples;

import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** A client of a forward proxy that wants to know who it is. */
public final class JavaClient {
  private JavaClient() {}

  static HttpClient of(String host, int port, String name, String password) {
    // region client
    return HttpClient.newBuilder()
        .proxy(ProxySelector.of(new InetSocketAddress(host, port)))
        .authenticator(
            new Authenticator() {
              @Override
              protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(name, password.toCharArray())
                    : null; // what servers ask for is another password
              }
            })
        .build();
    // endregion
  }
}
