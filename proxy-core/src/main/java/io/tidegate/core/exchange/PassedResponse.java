package io.tidegate.core.exchange;

import io.tidegate.core.cache.EntityTag;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.coding.CodedResponse;
import io.tidegate.core.coding.Compression;
import io.tidegate.core.coding.ContentCoding;
import io.tidegate.core.coding.ContentEncoder;
import io.tidegate.core.coding.Encoders;
import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.header.Grpc;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A final response as it goes on to the store and the client, which a route may have compressed.
 *
 * @param head its head
 * @param framing how its content is framed then
 * @param coding what its content has to be given, or null
 * @param level how hard to try
 */
record PassedResponse(
    ResponseHead head, Framing framing, @Nullable ContentCoding coding, int level) {
  /**
   * What {@code compression} makes of a response.
   *
   * @param validated the stored response that the upstream was asked about, or null
   */
  static PassedResponse of(
      @Nullable Compression compression,
      RequestHead request,
      ResponseHead head,
      Framing framing,
      @Nullable StoredResponse validated,
      Encoders encoders) {
    if (compression == null || Grpc.isSpoken(head.fields())) {
      return new PassedResponse(head, framing, null, 0);
    }
    if (head.status() == 304) {
      return new PassedResponse(
          notModified(compression, request.fields(), head, validated), framing, null, 0);
    }
    CodedResponse coded = compression.encode(request, head, encoders.isAvailable());
    ContentCoding coding = framing == Framing.NONE ? null : coded.coding();
    return coding == null
        ? new PassedResponse(coded.head(), framing, null, 0)
        : new PassedResponse(coded.head(), Framing.CHUNKED, coding, compression.level(coding));
  }

  private static ResponseHead notModified(
      Compression compression,
      Fields request,
      ResponseHead head,
      @Nullable StoredResponse validated) {
    String stored = validated == null ? null : validated.etag();
    List<EntityTag> asked = new ArrayList<>();
    for (String line : stored == null ? request.all(FieldName.IF_NONE_MATCH) : List.of(stored)) {
      asked.addAll(EntityTag.parseList(line));
    }
    boolean varies =
        validated != null && validated.vary().names().contains(FieldName.ACCEPT_ENCODING);
    return compression.notModified(head, asked, varies);
  }

  /** What has to be told about the content for {@code receiver} to get it as it goes on. */
  ResponseReceiver to(ResponseReceiver receiver, Pipeline pipeline) {
    if (coding == null) {
      return receiver;
    }
    Encoders encoders = pipeline.encoders();
    ContentEncoder encoder = encoders.take(coding, level);
    return new EncodedContent(
        encoder, pipeline.loop().buffers(), receiver, () -> encoders.give(coding, level, encoder));
  }
}
