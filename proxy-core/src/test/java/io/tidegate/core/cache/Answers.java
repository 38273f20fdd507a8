package io.tidegate.core.cache;

import static io.tidegate.core.cache.TargetUriTest.uri;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpDate;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Requests and responses for tests, around one point in time. */
final class Answers {
  /** A whole second. */
  static final long NOW = Instant.parse("2026-06-15T12:00:00Z").toEpochMilli();

  static final CacheRules RULES = new CacheRules(CacheSettings.REVERSE);

  private Answers() {}

  static RequestHead request(String method, String... fields) {
    return new RequestHead(method, "/b?c", HttpVersion.HTTP_1_1, Fields.of(fields));
  }

  static RequestHead get(String... fields) {
    return request("GET", fields);
  }

  /** A response that took no time. */
  static Answer answer(RequestHead request, int status, String... fields) {
    Fields response = Fields.of(fields);
    return new Answer(
        request,
        uri("http", "a", "/b?c"),
        CacheControl.ofRequest(request.fields()),
        new ResponseHead(HttpVersion.HTTP_1_1, status, "Reason", response),
        RULES.directives(response),
        NOW,
        NOW);
  }

  static StoredResponse stored(String... fields) {
    return store(answer(get(), 200, fields));
  }

  /** What is stored of a response, whether or not it may be. */
  static StoredResponse store(Answer answer) {
    return Validation.store(answer, CacheSettings.REVERSE);
  }

  /** So many seconds after the point in time. */
  static String date(long seconds) {
    return HttpDate.format(Instant.ofEpochMilli(NOW + seconds * 1000));
  }

  static long after(double seconds) {
    return NOW + Math.round(seconds * 1000);
  }

  static CacheDecision decide(StoredResponse stored, double seconds, String... requestFields) {
    RequestHead request = get(requestFields);
    CacheControl directives = CacheControl.ofRequest(request.fields());
    return RULES.decide(request, directives, List.of(stored), after(seconds));
  }

  static CacheSettings graces(Duration whileRevalidate, Duration ifError) {
    return graces(whileRevalidate, CacheSettings.REVERSE.staleIfUnreachable(), ifError);
  }

  static CacheSettings staleIfUnreachable(Duration grace) {
    return graces(Duration.ZERO, grace, Duration.ZERO);
  }

  private static CacheSettings graces(
      Duration whileRevalidate, Duration ifUnreachable, Duration ifError) {
    CacheSettings s = CacheSettings.REVERSE;
    return new CacheSettings(
        s.maxBytes(),
        s.maxResponseBytes(),
        s.maxVariants(),
        s.maxQueryBytes(),
        s.fillTimeout(),
        false,
        s.heuristicPercent(),
        s.heuristicMax(),
        whileRevalidate,
        ifUnreachable,
        ifError,
        s.targets(),
        false,
        s.keys(),
        s.tagField(),
        s.statusField(),
        s.statusKey(),
        s.statusDetail(),
        s.perUser());
  }

  static CacheSettings tagField(TagField field) {
    CacheSettings s = CacheSettings.REVERSE;
    return new CacheSettings(
        s.maxBytes(),
        s.maxResponseBytes(),
        s.maxVariants(),
        s.maxQueryBytes(),
        s.fillTimeout(),
        s.heuristicFreshness(),
        s.heuristicPercent(),
        s.heuristicMax(),
        s.staleWhileRevalidate(),
        s.staleIfUnreachable(),
        s.staleIfError(),
        s.targets(),
        s.storeSetCookie(),
        s.keys(),
        Optional.of(field),
        s.statusField(),
        s.statusKey(),
        s.statusDetail(),
        s.perUser());
  }
}
