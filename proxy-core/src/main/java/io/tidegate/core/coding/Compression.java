package io.tidegate.core.coding;

import io.tidegate.core.cache.EntityTag;
import io.tidegate.core.http.AcceptEncoding;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which responses get a content coding on their way through, and tells so in their fields
 * (RFC 9110 §8.4, §7.7). Immutable.
 *
 * <p>The encoded response is another representation of the same resource: it has a weak entity tag
 * in the place of a strong one, for its octets are not those of the origin (§8.8.1), no ranges of
 * the origin's, and Vary tells what has selected it.
 */
public final class Compression {
  /** They tell something about the very octets that the origin has sent. */
  private static final FieldName[] OF_OCTETS = {
    FieldName.CONTENT_ENCODING,
    FieldName.CONTENT_DIGEST,
    FieldName.REPR_DIGEST,
    FieldName.of("Digest"),
    FieldName.of("Content-MD5"),
    FieldName.of("Signature")
  };

  private static final FieldName ACCEPT_RANGES = FieldName.of("Accept-Ranges");
  private static final String NO_TRANSFORM = "no-transform";

  private final CompressionSettings settings;
  private final MediaTypes types;

  /** What {@code settings} say, which have been checked. */
  public Compression(CompressionSettings settings) {
    this.settings = settings;
    this.types = new MediaTypes(settings.types());
  }

  /**
   * A request as the cache and the upstream see it: with one spelling of Accept-Encoding for all
   * that mean the same, so that there is one stored response for them. A client that wants no
   * transformation (RFC 9111 §5.2.1.6) is one that takes no coding, or a stored response would be
   * given to it that has been transformed for another one.
   */
  public RequestHead normal(RequestHead request) {
    Fields fields = request.fields();
    int index = fields.indexOf(FieldName.ACCEPT_ENCODING, 0);
    if (index < 0) {
      return request;
    }
    String normal =
        fields.hasMember(FieldName.CACHE_CONTROL, NO_TRANSFORM)
            ? AcceptEncoding.IDENTITY
            : AcceptEncoding.of(fields).canonical();
    if (fields.valueIs(index, normal) && fields.indexOf(FieldName.ACCEPT_ENCODING, index + 1) < 0) {
      return request;
    }
    FieldEdits edits = new FieldEdits(fields).set(FieldName.ACCEPT_ENCODING, normal);
    return new RequestHead(request.method(), request.target(), request.version(), edits.toFields());
  }

  /**
   * A final response, other than 304, as it goes on.
   *
   * @param request the request of the client, as {@link #normal} has it
   * @param mayEncode whether there is an encoder to spare
   */
  public CodedResponse encode(RequestHead request, ResponseHead response, boolean mayEncode) {
    if (!isCompressible(response)) {
      return new CodedResponse(response, null);
    }
    FieldEdits fields = vary(new FieldEdits(response.fields()));
    boolean whole = response.status() != 206 && !request.fields().contains(FieldName.RANGE);
    ContentCoding coding = whole && mayEncode ? coding(request.fields()) : null;
    if (coding != null) {
      fields.remove(FieldName.CONTENT_LENGTH).remove(FieldName.TRAILER).remove(ACCEPT_RANGES);
      fields.set(FieldName.CONTENT_ENCODING, coding.token());
      weaken(fields);
    }
    return new CodedResponse(with(response, fields), coding);
  }

  /** Whether it depends on the request alone whether this response is encoded. */
  private boolean isCompressible(ResponseHead response) {
    Fields fields = response.fields();
    String type = fields.first(FieldName.CONTENT_TYPE);
    if (type == null || !hasContent(response.status()) || !types.contain(type)) {
      return false;
    }
    for (FieldName name : OF_OCTETS) {
      if (fields.contains(name)) {
        return false;
      }
    }
    return !fields.hasMember(FieldName.CACHE_CONTROL, NO_TRANSFORM)
        && (response.status() == 206 || isLong(fields));
  }

  /** No content, content of its own kind (RFC 3229), or somebody else's. */
  private static boolean hasContent(int status) {
    return status >= 200 && status != 204 && status != 205 && status != 226 && status != 304;
  }

  /** A length that is not known beforehand may be any; that of the response has been checked. */
  private boolean isLong(Fields fields) {
    String length = fields.first(FieldName.CONTENT_LENGTH);
    return !fields.contains(FieldName.CONTENT_RANGE)
        && (length == null || Long.parseLong(length) >= Math.max(1, settings.minBytes()));
  }

  private @Nullable ContentCoding coding(Fields request) {
    AcceptEncoding accepted = AcceptEncoding.of(request);
    ContentCoding best = null;
    for (ContentCoding coding : settings.codings()) {
      boolean better =
          best == null || accepted.weight(coding.token()) > accepted.weight(best.token());
      if (better && accepted.prefers(coding.token())) {
        best = coding;
      }
    }
    return best;
  }

  /**
   * A 304 as it goes on: about an encoded response if its entity tag, but for being strong, is one
   * of those that were asked about.
   *
   * @param asked the entity tags of If-None-Match that it answers
   * @param varies whether the response that it is about is known to vary by coding
   */
  public ResponseHead notModified(ResponseHead response, List<EntityTag> asked, boolean varies) {
    String tag = response.fields().first(FieldName.ETAG);
    EntityTag own = tag == null ? null : EntityTag.parse(tag);
    boolean encoded =
        own != null
            && !own.weak()
            && asked.contains(new EntityTag(own.opaque(), true))
            && !asked.contains(own);
    if (!encoded && !varies) {
      return response;
    }
    FieldEdits fields = vary(new FieldEdits(response.fields()));
    if (encoded) {
      fields.remove(FieldName.CONTENT_LENGTH).remove(ACCEPT_RANGES);
      weaken(fields);
    }
    return with(response, fields);
  }

  private static FieldEdits vary(FieldEdits fields) {
    Fields received = fields.received();
    boolean told =
        received.hasMember(FieldName.VARY, FieldName.ACCEPT_ENCODING.toString())
            || received.hasMember(FieldName.VARY, "*");
    return told ? fields : fields.append(FieldName.VARY, FieldName.ACCEPT_ENCODING.toString());
  }

  /** One that cannot be weakened, because it is none, would be taken for that of the original. */
  private static void weaken(FieldEdits fields) {
    List<String> tags = fields.all(FieldName.ETAG);
    EntityTag tag = tags.size() == 1 ? EntityTag.parse(tags.get(0)) : null;
    if (tag == null) {
      fields.remove(FieldName.ETAG);
    } else if (!tag.weak()) {
      fields.set(FieldName.ETAG, new EntityTag(tag.opaque(), true).text());
    }
  }

  /** How hard a coding tries. */
  public int level(ContentCoding coding) {
    return settings.level(coding);
  }

  private static ResponseHead with(ResponseHead response, FieldEdits fields) {
    return new ResponseHead(
        response.version(), response.status(), response.reason(), fields.toFields());
  }
}
