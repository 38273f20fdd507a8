package io.tidegate.reverse.protect;

import io.tidegate.core.header.ClientAddress;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.limit.ClientNetwork;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a limit counts a request by: something small with equals, however much the client sent. */
@FunctionalInterface
interface KeyReader {
  /** The key of {@code request}. */
  Object key(ClientRequest request);

  /** The reader for {@code key}; clients behind the proxies that {@code forwarded} trusts count. */
  static KeyReader of(LimitKey key, ForwardedFields forwarded) {
    if (key instanceof LimitKey.OfClient client) {
      return request -> network(address(request, forwarded), client.ipv6Prefix());
    }
    if (key instanceof LimitKey.OfField field) {
      FieldName name = FieldName.of(field.name());
      return request -> value(request.head().fields(), name);
    }
    return request -> "";
  }

  private static Object address(ClientRequest request, ForwardedFields forwarded) {
    InetAddress client =
        ClientAddress.of(forwarded, request.head().fields(), request.clientAddress().getAddress());
    return client == null ? "" : client;
  }

  private static Object network(Object client, int ipv6Prefix) {
    return client instanceof InetAddress address ? ClientNetwork.of(address, ipv6Prefix) : client;
  }

  private static String value(Fields fields, FieldName name) {
    int index = fields.indexOf(name, 0);
    if (index < 0 || fields.indexOf(name, index + 1) >= 0) {
      return "";
    }
    String value = fields.value(index);
    return value.length() <= 64 ? value : digest(value);
  }

  private static String digest(String value) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Ascii.octets(value)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every platform has SHA-256", e);
    }
  }
}
