package io.tidegate.forward.privacy;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.stream.Stream;

/** Request fields that tell something, known by their names or by how these begin. */
final class FieldSet {
  /** For this proxy: credentials, and the remains of an old way to ask it to stay connected. */
  static final FieldSet FOR_PROXY =
      new FieldSet(List.of(), "Proxy-Authorization", "Proxy-Connection");

  /** What a proxy, or a client that poses as one, says about the address of a client. */
  static final FieldSet CLIENT_ADDRESS =
      new FieldSet(
          List.of("x-forwarded"), // known or not, each of them claims that a proxy has written it
          "Forwarded", // RFC 7239
          "Forwarded-For",
          "X-Original-Forwarded-For",
          "X-Real-IP",
          "X-Client-IP",
          "Client-IP",
          "True-Client-IP",
          "X-Cluster-Client-IP",
          "X-Remote-IP",
          "X-Remote-Addr",
          "X-Originating-IP",
          "X-ProxyUser-IP",
          "CF-Connecting-IP",
          "Fastly-Client-IP",
          "Proxy-Client-IP",
          "WL-Proxy-Client-IP",
          "X-Azure-ClientIP",
          "X-Azure-SocketIP",
          "X-AppEngine-User-IP",
          "X-Envoy-External-Address",
          "X-Nokia-IPAddress",
          "X-WAP-Network-Client-IP");

  /** What names a user, a subscriber or an installation, where none of them has chosen to. */
  static final FieldSet USER =
      new FieldSet(
          List.of(),
          "Client-Cert", // RFC 9440
          "Client-Cert-Chain",
          "Remote-User",
          "X-Remote-User",
          "X-Authenticated-User",
          "X-Client-Username",
          "X-Client-Data",
          "X-UIDH",
          "X-ACR",
          "X-VF-ACR",
          "MSISDN",
          "X-MSISDN",
          "X-H3G-MSISDN",
          "X-Nokia-MSISDN",
          "X-WAP-Network-Client-MSISDN",
          "X-Up-Subno",
          "X-Up-Calling-Line-ID",
          "X-ATT-DeviceID");

  /** What else tells where a request comes from: who has sent it, and proxies on the way. */
  static final FieldSet ORIGIN =
      new FieldSet(
          List.of("proxy-", "x-proxy", "cf-"),
          "From", // RFC 9110 §10.1.2
          "Via",
          "X-Via",
          "X-BlueCoat-Via",
          "X-IMForwards",
          "X-Loop-Control",
          "MT-Proxy-ID",
          "X-Tinyproxy",
          "X-Varnish",
          "X-Cache",
          "X-Cache-Lookup",
          "Cache-Status", // RFC 9211
          "Surrogate-Capability");

  /** Client hints (RFC 8942), and those from before they had a prefix. */
  static final FieldSet CLIENT_HINTS =
      new FieldSet(
          List.of("sec-ch-"),
          "Device-Memory",
          "Downlink",
          "DPR",
          "ECT",
          "RTT",
          "Save-Data",
          "Viewport-Width",
          "Width");

  private final String[] prefixes;
  private final FieldName[] names;

  /** Fields whose names begin so, in lower case, and those with these names. */
  private FieldSet(List<String> prefixes, String... names) {
    this.prefixes = prefixes.toArray(String[]::new);
    this.names = Stream.of(names).map(FieldName::of).toArray(FieldName[]::new);
  }

  /** Removes those that were received. */
  void removeFrom(FieldEdits fields) {
    Fields received = fields.received();
    for (int i = 0; i < received.size(); i++) {
      if (contains(received, i)) {
        fields.removeReceived(i);
      }
    }
  }

  private boolean contains(Fields fields, int index) {
    for (String prefix : prefixes) {
      if (fields.nameStartsWith(index, prefix)) {
        return true;
      }
    }
    for (FieldName name : names) {
      if (fields.is(index, name)) {
        return true;
      }
    }
    return false;
  }
}
