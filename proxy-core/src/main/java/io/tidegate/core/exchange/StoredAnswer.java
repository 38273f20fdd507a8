package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.ByteRange;
import io.tidegate.core.cache.ByteRanges;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.ContentRange;
import io.tidegate.core.cache.MultipartRanges;
import io.tidegate.core.cache.PartialContent;
import io.tidegate.core.cache.Preconditions;
import io.tidegate.core.cache.RangeSelection;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ReasonPhrase;
import io.tidegate.core.http.RequestHead;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a stored response becomes for one request: all of it, a part (RFC 9110 §14), or only its
 * head (§9.3.2, §15.4.5).
 *
 * @param status the status code for the client
 * @param reason the reason phrase
 * @param framing how the content is framed; {@link Framing#NONE} if there is none
 * @param from the first octet of content
 * @param to behind the last one
 * @param parts several ranges in one body instead, or null
 */
record StoredAnswer(
    int status,
    String reason,
    Framing framing,
    long from,
    long to,
    @Nullable MultipartRanges parts) {
  private static final int MAX_RANGES = 16;

  /** Whether there is any content to send. */
  boolean hasContent() {
    return framing != Framing.NONE && to > from;
  }

  /** The content to send; null if it is gone. */
  @Nullable BodyReader content(CacheStore.Entry entry) {
    return parts == null ? entry.read(from, to) : MultipartReader.of(entry, parts);
  }

  /** Decides, and edits the fields of the response accordingly. */
  static StoredAnswer of(RequestHead request, CacheStore.Entry entry, FieldEdits fields, long now) {
    StoredResponse stored = entry.response();
    if (Preconditions.evaluate(
            request, stored.status(), stored.fields(), stored.responseTime(), now)
        == Preconditions.Outcome.NOT_MODIFIED) {
      Preconditions.toNotModified(fields);
      return new StoredAnswer(304, ReasonPhrase.of(304), Framing.NONE, 0, 0, null);
    }
    ByteRanges ranges = ByteRanges.of(request);
    PartialContent part = stored.part();
    if (ranges != null && part != null) {
      return part(ranges, part, fields);
    }
    if (ranges != null
        && stored.status() == 200
        && entry.length() >= 0
        && Preconditions.rangeApplies(request.fields(), stored.fields(), now)) {
      RangeSelection selection = ranges.select(entry.length(), MAX_RANGES);
      if (selection.kind() == RangeSelection.Kind.NOT_SATISFIABLE) {
        return unsatisfiable(entry, fields);
      }
      if (selection.kind() == RangeSelection.Kind.SOME) {
        return selection.ranges().size() == 1
            ? part(selection.ranges().get(0), 0, entry.length(), fields)
            : parts(selection.ranges(), entry, fields);
      }
    }
    return whole(request, entry, fields);
  }

  private static StoredAnswer whole(
      RequestHead request, CacheStore.Entry entry, FieldEdits fields) {
    StoredResponse stored = entry.response();
    long length = entry.length();
    Framing framing = length < 0 ? Framing.CHUNKED : Framing.fixed(length);
    if (request.isHead() || stored.status() == 204) {
      if (length >= 0 && stored.status() != 204) {
        fields.add(FieldName.CONTENT_LENGTH, Long.toString(length));
      }
      framing = Framing.NONE;
    }
    return new StoredAnswer(stored.status(), stored.reason(), framing, 0, Long.MAX_VALUE, null);
  }

  /** What is asked for of a stored part, or all of it: then it came for this very request. */
  private static StoredAnswer part(ByteRanges asked, PartialContent part, FieldEdits fields) {
    List<ByteRange> covered = part.select(asked, 1).ranges();
    String said = fields.first(FieldName.CONTENT_RANGE);
    ByteRange range = covered.isEmpty() ? part.held() : covered.get(0);
    StoredAnswer answer = part(range, part.held().first(), part.completeLength(), fields);
    if (range.equals(part.held()) && said != null) {
      fields.set(FieldName.CONTENT_RANGE, said); // nothing has been taken away
    }
    return answer;
  }

  /** A part of content of which everything from {@code start} on is stored. */
  private static StoredAnswer part(
      ByteRange range, long start, long completeLength, FieldEdits fields) {
    fields.set(FieldName.CONTENT_RANGE, new ContentRange(range, completeLength).text());
    return new StoredAnswer(
        206,
        ReasonPhrase.of(206),
        Framing.fixed(range.length()),
        range.first() - start,
        range.last() + 1 - start,
        null);
  }

  private static StoredAnswer parts(
      List<ByteRange> ranges, CacheStore.Entry entry, FieldEdits fields) {
    String boundary = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    MultipartRanges parts =
        new MultipartRanges(boundary, fields.first(FieldName.CONTENT_TYPE), ranges, entry.length());
    fields.set(FieldName.CONTENT_TYPE, parts.contentType());
    return new StoredAnswer(
        206, ReasonPhrase.of(206), Framing.fixed(parts.length()), 0, entry.length(), parts);
  }

  private static StoredAnswer unsatisfiable(CacheStore.Entry entry, FieldEdits fields) {
    Preconditions.toNotModified(fields); // it is not the content that is described any more
    fields.set(FieldName.CONTENT_RANGE, ContentRange.unsatisfied(entry.length()).text());
    return new StoredAnswer(416, ReasonPhrase.of(416), Framing.fixed(0), 0, 0, null);
  }
}
