package io.tidegate.reverse.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.RetryPolicy.Attempt;
import io.tidegate.core.spi.RetryPolicy.Retry;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest {
  private static final Failure TIMEOUT = Failure.of(ProxyError.HTTP_RESPONSE_TIMEOUT, "slow");

  private final RetryBudget budget = new RetryBudget(new BudgetSettings(0, 100));

  private Retries retries(Duration first, Duration most) {
    return new Retries(new RetrySettings(3, Set.of(502, 503), first, most), budget, new Random(1));
  }

  private final Retries retries = retries(Duration.ofMillis(25), Duration.ofMillis(60));

  private static RequestHead request(String method) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.empty());
  }

  private static Attempt failed(int number, Failure failure) {
    return new Attempt(number, true, false, false, true, 0, failure);
  }

  private static Attempt answered(int status, boolean elsewhere) {
    return new Attempt(1, elsewhere, false, false, false, status, null);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, true",
    "HEAD, true",
    "OPTIONS, true",
    "TRACE, true",
    "QUERY, true",
    "PUT, true",
    "DELETE, true",
    "POST, false",
    "PATCH, false",
    "get, false"
  })
  void onlyAnIdempotentRequestGoesToAnotherEndpoint(String method, boolean repeated) {
    @Nullable Retry retry = retries.after(request(method), failed(1, TIMEOUT));
    assertEquals(repeated, retry != null && retry.elsewhere());
  }

  @Test
  void contentThatIsGoneCannotBeSentAgain() {
    Attempt attempt = new Attempt(1, true, false, true, true, 0, TIMEOUT);
    assertNull(retries.after(request("PUT"), attempt));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, false"})
  void theNumberOfAttemptsIsLimited(int number, boolean repeated) {
    assertEquals(repeated, retries.after(request("GET"), failed(number, TIMEOUT)) != null);
  }

  @ParameterizedTest
  @CsvSource({
    "502, true, true",
    "503, true, true",
    "500, true, false",
    "504, true, false",
    "503, false, false",
    "404, true, false"
  })
  void aResponseCountsAsAFailureIfSaidSoAndAnotherEndpointIsThere(
      int status, boolean elsewhere, boolean repeated) {
    assertEquals(repeated, retries.after(request("GET"), answered(status, elsewhere)) != null);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyError.class,
      names = {"PROXY_INTERNAL_ERROR", "HTTP_REQUEST_ERROR", "HTTP_REQUEST_DENIED"})
  void whatNoUpstreamIsToBlameForIsNotRepeated(ProxyError error) {
    assertNull(retries.after(request("GET"), failed(1, Failure.of(error, "ours"))));
  }

  @Test
  void aStaleConnectionIsMadeUpForAtOnceOnTheSameEndpointWithinTheBudget() {
    Failure closed = Failure.of(ProxyError.CONNECTION_TERMINATED, "closed");
    Attempt stale = new Attempt(3, false, true, false, true, 0, closed);
    Retries poor =
        new Retries(
            RetrySettings.DEFAULT, new RetryBudget(new BudgetSettings(0, 1)), new Random(1));
    assertNull(poor.after(request("POST"), stale));
    assertEquals(Retry.AT_ONCE, poor.after(request("GET"), stale));
    assertNull(poor.after(request("GET"), stale));
  }

  @Test
  void aRequestThatIsNotRepeatedCostsTheBudgetNothing() {
    RetryBudget one = new RetryBudget(new BudgetSettings(0, 1));
    Retries last = new Retries(RetrySettings.DEFAULT, one, new Random(1));
    assertNull(last.after(request("POST"), failed(1, TIMEOUT)));
    assertNull(last.after(request("GET"), failed(3, TIMEOUT)));
    assertNull(last.after(request("GET"), answered(503, false)));
    assertNotNull(last.after(request("GET"), failed(1, TIMEOUT)));
    assertNull(last.after(request("GET"), failed(1, TIMEOUT)));
  }

  @ParameterizedTest
  @CsvSource({"1, 25", "2, 50"})
  void thePauseIsChosenByChanceUpToALimitThatDoubles(int number, long longest) {
    long seen = 0;
    for (int i = 0; i < 50; i++) {
      Retry retry = retries.after(request("GET"), failed(number, TIMEOUT));
      assertNotNull(retry);
      seen = Math.max(seen, retry.pause().toMillis());
      assertTrue(retry.pause().toMillis() <= longest);
    }
    assertTrue(seen > longest / 2);
  }

  @Test
  void thePauseHasALimit() {
    Retries capped = retries(Duration.ofMillis(40), Duration.ofMillis(10));
    for (int i = 0; i < 50; i++) {
      Retry retry = capped.after(request("GET"), failed(2, TIMEOUT));
      assertNotNull(retry);
      assertTrue(retry.pause().toMillis() <= 10);
    }
  }

  @Test
  void thereNeedBeNoPause() {
    Retry retry = retries(Duration.ZERO, Duration.ZERO).after(request("GET"), failed(1, TIMEOUT));
    assertEquals(new Retry(true, Duration.ZERO), retry);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 100})
  void inAStormThereAreNeverMoreThanTheShareAndTheReserve(int percent) {
    RetryBudget storm = new RetryBudget(new BudgetSettings(percent, 10));
    int again = 0;
    for (int i = 0; i < 10_000; i++) {
      storm.deposit();
      while (storm.withdraw()) {
        again++;
      }
    }
    assertEquals(10 + 100 * percent, again);
  }

  @Test
  void savingsHaveALimit() {
    RetryBudget saved = new RetryBudget(new BudgetSettings(100, 0));
    for (int i = 0; i < 10 * RetryBudget.MOST_SAVED; i++) {
      saved.deposit();
    }
    int again = 0;
    while (saved.withdraw()) {
      again++;
    }
    assertEquals(RetryBudget.MOST_SAVED, again);
  }
}
