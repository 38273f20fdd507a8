package io.tidegate.core.cache;

import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;

/**
 * A response of the origin and the request it answers.
 *
 * @param request the request as the client sent it
 * @param target its target
 * @param requestDirectives its cache directives
 * @param response the response, connection-specific fields removed
 * @param directives the cache directives of the response
 * @param requestTime when the request was sent, in milliseconds since the epoch
 * @param responseTime when the response was received, in milliseconds since the epoch
 */
public record Answer(
    RequestHead request,
    TargetUri target,
    CacheControl requestDirectives,
    ResponseHead response,
    CacheControl directives,
    long requestTime,
    long responseTime) {}
