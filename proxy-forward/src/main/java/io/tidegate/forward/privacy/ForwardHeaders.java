package io.tidegate.forward.privacy;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps between client and proxy what is theirs, and tells upstreams about the client what it was
 * told to tell. Then come the user's rules.
 */
public final class ForwardHeaders implements HeaderPolicy {
  /**
   * An upstream that is no proxy must not make the client send it the credentials meant for us (RFC
   * 9110 §11.7).
   */
  private static final List<FieldName> RESPONSE_HOP =
      List.of(FieldName.PROXY_AUTHENTICATE, FieldName.PROXY_AUTHENTICATION_INFO);

  private static final FieldName USER_AGENT = FieldName.of("User-Agent");

  private static final List<AddressRange> EVERYONE =
      List.of(AddressRange.parse("0.0.0.0/0"), AddressRange.parse("::/0"));

  private final boolean addsVia;
  private final FieldSet[] removed;
  private final @Nullable ForwardedFields forwarded;
  private final RefererRule referer;
  private final @Nullable String userAgent;
  private final FieldRules requestFields;
  private final FieldRules responseFields;

  /** The rewriting to be had by these. */
  public ForwardHeaders(
      PrivacySettings privacy, FieldRules requestFields, FieldRules responseFields) {
    this.addsVia = privacy.anonymity() != Anonymity.HIGH;
    this.removed = removed(privacy);
    this.forwarded = privacy.anonymity() == Anonymity.TRANSPARENT ? forwarded(privacy) : null;
    this.referer = privacy.referer();
    this.userAgent = privacy.userAgent().orElse(null);
    this.requestFields = requestFields;
    this.responseFields = responseFields;
  }

  private static FieldSet[] removed(PrivacySettings privacy) {
    List<FieldSet> sets = new ArrayList<>(List.of(FieldSet.FOR_PROXY));
    if (!privacy.keepForwardedFields()) {
      sets.add(FieldSet.CLIENT_ADDRESS);
    }
    if (privacy.anonymity() != Anonymity.TRANSPARENT) {
      sets.add(FieldSet.USER);
    }
    if (privacy.anonymity() == Anonymity.HIGH) {
      sets.add(FieldSet.ORIGIN);
    }
    if (privacy.removeClientHints()) {
      sets.add(FieldSet.CLIENT_HINTS);
    }
    return sets.toArray(FieldSet[]::new);
  }

  private static ForwardedFields forwarded(PrivacySettings privacy) {
    List<AddressRange> trusted = privacy.keepForwardedFields() ? EVERYONE : List.of();
    return new ForwardedFields(privacy.forwarded(), trusted);
  }

  @Override
  public boolean addsVia() {
    return addsVia;
  }

  @Override
  public void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {
    for (FieldSet set : removed) {
      set.removeFrom(fields);
    }
    if (forwarded != null) {
      InetAddress client = request.clientAddress().getAddress();
      forwarded.apply(fields, client, request.secure(), request.authority());
    }
    referer.apply(request, fields);
    if (userAgent != null) {
      replaceUserAgent(fields, userAgent);
    }
    requestFields.apply(fields);
  }

  private static void replaceUserAgent(FieldEdits fields, String value) {
    if (value.isEmpty()) {
      fields.remove(USER_AGENT);
    } else {
      fields.set(USER_AGENT, value);
    }
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
    for (int i = 0; i < RESPONSE_HOP.size(); i++) {
      fields.remove(RESPONSE_HOP.get(i));
    }
    responseFields.apply(fields);
  }
}
