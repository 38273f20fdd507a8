package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Failure LOST =
      Failure.of(ProxyError.CONNECTION_TERMINATED, "gone", new RuntimeException());

  @ParameterizedTest(name = "{0}, attempt {1}, reused {2}, content sent {3}: {4}")
  @CsvSource({
    "GET,    1, true,  false, true",
    "PUT,    1, true,  false, true",
    "QUERY,  1, true,  false, true",
    "POST,   1, true,  false, false",
    "PATCH,  1, true,  false, false",
    "FOO,    1, true,  false, false",
    "GET,    2, true,  false, false",
    "GET,    1, false, false, false",
    "PUT,    1, true,  true,  false"
  })
  void onlyAnIdempotentRequestOnAStaleConnectionIsRepeatedOnce(
      String method, int number, boolean reused, boolean sent, boolean repeated) {
    RequestHead head = new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.empty());
    RetryPolicy.Attempt attempt =
        new RetryPolicy.Attempt(number, true, reused, sent, true, 0, LOST);
    assertEquals(
        repeated ? RetryPolicy.Retry.AT_ONCE : null,
        RetryPolicy.STALE_CONNECTIONS.after(head, attempt));
  }

  @ParameterizedTest(name = "{0}, attempt {1}, content sent {2}: {3}")
  @CsvSource({
    "GET,  1, false, true",
    "POST, 1, false, true",
    "POST, 1, true,  false",
    "POST, 2, false, false"
  })
  void aRequestThatWasNotTouchedIsRepeatedOnceWhateverItsMethod(
      String method, int number, boolean sent, boolean repeated) {
    RequestHead head = new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.empty());
    RetryPolicy.Attempt attempt =
        new RetryPolicy.Attempt(
            number, true, false, sent, true, 0, UntouchedException.failure("refused"));
    assertEquals(
        repeated ? RetryPolicy.Retry.AT_ONCE : null,
        RetryPolicy.STALE_CONNECTIONS.after(head, attempt));
  }
}
