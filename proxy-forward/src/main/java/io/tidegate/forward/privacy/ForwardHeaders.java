package io.tidegate.forward.privacy;

import io.tidegate.core.header.FieldRules;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps between client and proxy what is theirs, and hides the client's address: nothing that names
 * it is added, and what the client or a proxy before us says about it is removed. Then come the
 * user's rules.
 */
public final class ForwardHeaders implements HeaderPolicy {
  /**
   * Meant for the proxy that asked for it (RFC 9110 §11.7), or the remains of an old way to ask it
   * to stay connected.
   */
  private static final List<FieldName> REQUEST_HOP =
      List.of(FieldName.PROXY_AUTHORIZATION, FieldName.PROXY_CONNECTION);

  /**
   * An upstream that is no proxy must not make the client send it the credentials meant for us (RFC
   * 9110 §11.7).
   */
  private static final List<FieldName> RESPONSE_HOP =
      List.of(FieldName.PROXY_AUTHENTICATE, FieldName.PROXY_AUTHENTICATION_INFO);

  private static final List<FieldName> CLIENT_ADDRESS =
      Stream.of(
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
              "Fastly-Client-IP")
          .map(FieldName::of)
          .toList();

  private final boolean keepForwardedFields;
  private final FieldRules requestFields;
  private final FieldRules responseFields;

  /**
   * The rewriting to be had by these.
   *
   * @param keepForwardedFields whether what the client says about its address is passed on
   */
  public ForwardHeaders(
      boolean keepForwardedFields, FieldRules requestFields, FieldRules responseFields) {
    this.keepForwardedFields = keepForwardedFields;
    this.requestFields = requestFields;
    this.responseFields = responseFields;
  }

  @Override
  public void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {
    remove(REQUEST_HOP, fields);
    if (!keepForwardedFields) {
      remove(CLIENT_ADDRESS, fields);
      removeXForwarded(fields);
    }
    requestFields.apply(fields);
  }

  @Override
  public boolean treatsAllAlike(Fields upstreamResponse) {
    return true;
  }

  @Override
  public void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {
    remove(RESPONSE_HOP, fields);
    responseFields.apply(fields);
  }

  /** All of them, known or not: each of them claims that a proxy has written it. */
  private static void removeXForwarded(FieldEdits fields) {
    Fields received = fields.received();
    for (int i = 0; i < received.size(); i++) {
      if (received.nameStartsWith(i, "x-forwarded")) {
        fields.removeReceived(i);
      }
    }
  }

  private static void remove(List<FieldName> names, FieldEdits fields) {
    for (int i = 0; i < names.size(); i++) {
      fields.remove(names.get(i));
    }
  }
}
