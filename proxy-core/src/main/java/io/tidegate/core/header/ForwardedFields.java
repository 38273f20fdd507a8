package io.tidegate.core.header;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream who the client is and what it asked for: X-Forwarded-* and Forwarded (RFC
 * 7239). Immutable.
 *
 * <p>What a client says about itself is believed only if its address is in a trusted range. From
 * anyone else every Forwarded, X-Forwarded-* and X-Real-IP is removed before our own are made; from
 * a trusted client X-Forwarded-For and Forwarded are continued, and the rest of X-Forwarded-*
 * stays.
 */
public final class ForwardedFields {
  /*
   * A trusted client often knows one family only and passes the other on as some stranger wrote it.
   * So the family that the mode leaves out is removed even from trusted clients, and so are names
   * spelled with underscores: where fields become variables (RFC 3875 §4.1.18) they are the same.
   */
  private static final String UNKNOWN = "unknown"; // RFC 7239 §6.2

  private final ForwardedMode mode;
  private final AddressRange[] trusted;

  /** Fields of this mode; clients in the ranges are trusted. */
  public ForwardedFields(ForwardedMode mode, List<AddressRange> trusted) {
    this.mode = mode;
    this.trusted = trusted.toArray(AddressRange[]::new);
  }

  ForwardedMode mode() {
    return mode;
  }

  /** Whether a client at this address is believed; one without an address is not. */
  public boolean trusts(@Nullable InetAddress client) {
    if (client != null) {
      for (AddressRange range : trusted) {
        if (range.contains(client)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Rewrites the fields of an upstream request.
   *
   * @param fields the fields, those received still among them
   * @param client the address of the client, or null if it has none
   * @param secure whether the client's connection is TLS
   * @param authority the authority of the target URI; its host may be empty
   */
  public void apply(
      FieldEdits fields, @Nullable InetAddress client, boolean secure, Authority authority) {
    boolean believed = trusts(client);
    removeReceived(fields, believed && mode.xForwarded(), believed && mode.standard());
    if (mode == ForwardedMode.OFF) {
      return;
    }
    String address = client == null ? UNKNOWN : AddressText.of(client);
    if (mode.xForwarded()) {
      if (believed) {
        continueXForwarded(fields, address, secure, authority);
      } else {
        addXForwarded(fields, address, secure, authority);
      }
    }
    if (mode.standard()) {
      fields.append(FieldName.FORWARDED, element(address, secure, authority));
    }
  }

  private static void removeReceived(
      FieldEdits fields, boolean keepXForwarded, boolean keepStandard) {
    Fields received = fields.received();
    for (int i = 0; i < received.size(); i++) {
      boolean unwanted =
          received.nameStartsWith(i, "x")
              ? isSpelledWithUnderscore(received, i)
                  || (!keepXForwarded && isXForwarded(received, i))
              : !keepStandard && received.is(i, FieldName.FORWARDED);
      if (unwanted) {
        fields.removeReceived(i);
      }
    }
  }

  private static boolean isXForwarded(Fields fields, int index) {
    return fields.nameStartsWith(index, "x-forwarded-")
        || fields.nameStartsWith(index, "x-real-ip");
  }

  private static boolean isSpelledWithUnderscore(Fields fields, int index) {
    return fields.nameStartsWith(index, "x_forwarded")
        || fields.nameStartsWith(index, "x-forwarded_")
        || fields.nameStartsWith(index, "x_real")
        || fields.nameStartsWith(index, "x-real_");
  }

  private static void addXForwarded(
      FieldEdits fields, String address, boolean secure, Authority authority) {
    String proto = secure ? "https" : "http";
    fields.add(FieldName.X_FORWARDED_FOR, address).add(FieldName.X_FORWARDED_PROTO, proto);
    if (!authority.host().isEmpty()) {
      fields.add(FieldName.X_FORWARDED_HOST, authority.toString());
    }
    fields.add(FieldName.X_FORWARDED_PORT, port(authority, proto));
  }

  private static void continueXForwarded(
      FieldEdits fields, String address, boolean secure, Authority authority) {
    fields.append(FieldName.X_FORWARDED_FOR, address);
    String proto = fields.first(FieldName.X_FORWARDED_PROTO);
    if (proto == null) {
      proto = secure ? "https" : "http";
      fields.add(FieldName.X_FORWARDED_PROTO, proto);
    }
    String host = fields.first(FieldName.X_FORWARDED_HOST);
    Authority effective = host == null ? authority : Authority.parseOrNull(host);
    if (host == null && !authority.host().isEmpty()) {
      fields.add(FieldName.X_FORWARDED_HOST, authority.toString());
    }
    // A port of our own making must fit the scheme and host that are there; if they are lists it
    // cannot.
    if (effective != null && !fields.contains(FieldName.X_FORWARDED_PORT) && Ascii.isToken(proto)) {
      fields.add(FieldName.X_FORWARDED_PORT, port(effective, proto));
    }
  }

  private static String port(Authority authority, String proto) {
    int port = authority.portOr(proto);
    return port == 80 ? "80" : port == 443 ? "443" : Integer.toString(port);
  }

  /** One {@code forwarded-element} of RFC 7239 §4; a value that is no token is quoted. */
  private static String element(String address, boolean secure, Authority authority) {
    StringBuilder element = new StringBuilder(80).append("for=");
    if (address.indexOf(':') >= 0) {
      element.append("\"[").append(address).append("]\"");
    } else {
      element.append(address);
    }
    if (!authority.host().isEmpty()) {
      String host = authority.toString();
      boolean token = Ascii.isToken(host);
      element.append(token ? ";host=" : ";host=\"").append(host).append(token ? "" : "\"");
    }
    return element.append(secure ? ";proto=https" : ";proto=http").toString();
  }
}
