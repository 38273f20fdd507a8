package io.tidegate.core.cache;

/** What becomes of a request (RFC 9111 §4). */
public sealed interface CacheDecision {
  /**
   * A fresh response answers it.
   *
   * @param stored the response
   * @param age its age in seconds
   */
  record Fresh(StoredResponse stored, long age) implements CacheDecision {}

  /**
   * A stale response answers it (RFC 9111 §4.2.4).
   *
   * @param stored the response
   * @param age its age in seconds
   * @param allowance what allows it
   * @param conditions those of a request of our own that validates the response
   */
  record Stale(StoredResponse stored, long age, Allowance allowance, Conditions conditions)
      implements CacheDecision {}

  /** What allows the use of a stale response. */
  enum Allowance {
    /** The client takes it (RFC 9111 §5.2.1.2). */
    MAX_STALE,
    /** It may be used while it is validated (RFC 5861 §3), which has to happen now. */
    WHILE_REVALIDATE
  }

  /**
   * The origin is asked whether a stored response is still good (RFC 9111 §4.3), or for another one
   * if that has no validator.
   *
   * @param stored the response
   * @param reason why it is not used as it is: {@link CacheStatus.Forward#STALE} or {@link
   *     CacheStatus.Forward#REQUEST}
   * @param conditions what makes the request conditional; none if there is no validator
   */
  record Validate(StoredResponse stored, CacheStatus.Forward reason, Conditions conditions)
      implements CacheDecision {}

  /**
   * The origin is asked for what is missing of a stored part (RFC 9111 §3.4).
   *
   * @param stored the part, a 206 response
   * @param missing what is missing of it
   * @param isAllThatIsWanted whether the client wants nothing else
   */
  record Complete(StoredResponse stored, ByteRange missing, boolean isAllThatIsWanted)
      implements CacheDecision {}

  /**
   * The origin answers it.
   *
   * @param reason why no stored response does
   * @param conditions what lets the origin name one of the stored responses; none if none will do
   */
  record Forward(CacheStatus.Forward reason, Conditions conditions) implements CacheDecision {}

  /** Nobody answers it: 504, because it wants a stored response or none (RFC 9111 §5.2.1.7). */
  record Unsatisfied() implements CacheDecision {}
}
