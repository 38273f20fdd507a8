package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AddressResolverTest {
  private final Deque<Runnable> work = new ArrayDeque<>();
  private final List<String> lookedUp = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private boolean works = true;
  private boolean busy;
  private long now = 1000;

  private final AddressResolver resolver =
      new AddressResolver(
          NameResolver.blocking(this::lookUp),
          task -> {
            if (busy) {
              throw new RejectedExecutionException();
            }
            work.add(task);
          },
          16,
          () -> now,
          Duration.ofSeconds(30),
          10);

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    lookedUp.add(host);
    if (!works) {
      throw new UnknownHostException(host);
    }
    return new InetAddress[] {Ip.parse("192.0.2." + lookedUp.size() % 256)};
  }

  private void resolve(String host) {
    resolver.resolve(host, null, this::tell);
  }

  private void tell(List<InetAddress> addresses, Failure failure) {
    told.add(failure == null ? addresses.get(0).getHostAddress() : failure.error().token());
  }

  private void work() {
    while (!work.isEmpty()) {
      work.pop().run();
    }
  }

  @Test
  void aNameIsLookedUpByTheWorker() {
    resolve("a.example");
    assertEquals(List.of(), told);
    work();
    assertEquals(List.of("192.0.2.1"), told);
  }

  @Test
  void aNameThatNobodyWaitsForAnyMoreIsNotLookedUp() {
    Runnable first = resolver.resolve("a.example", null, this::tell);
    Runnable second = resolver.resolve("a.example", null, this::tell);
    first.run();
    second.run();
    work();
    assertEquals(List.of(), lookedUp);
    resolve("a.example");
    work();
    assertEquals(List.of("a.example"), lookedUp);
    assertEquals(1, told.size());
  }

  @Test
  void oneWhoWithdrawsDoesNotDisturbTheOthers() {
    Runnable first = resolver.resolve("a.example", null, this::tell);
    resolve("a.example");
    first.run();
    work();
    assertEquals(List.of("192.0.2.1"), told);
  }

  @Test
  void manyThatAskAtOnceCauseOneLookUp() {
    for (int i = 0; i < 5; i++) {
      resolve("a.example");
    }
    assertEquals(1, work.size());
    work();
    assertEquals(List.of("a.example"), lookedUp);
    assertEquals(5, told.size());
  }

  @Test
  void differentNamesAreLookedUpApart() {
    resolve("a.example");
    resolve("b.example");
    work();
    assertEquals(List.of("a.example", "b.example"), lookedUp);
  }

  @Test
  void anAnswerIsRememberedForAWhile() {
    resolve("a.example");
    work();
    now += 29_999;
    resolve("a.example");
    assertEquals(List.of("192.0.2.1", "192.0.2.1"), told); // at once
    now += 1;
    resolve("a.example");
    work();
    assertEquals(List.of("192.0.2.1", "192.0.2.1", "192.0.2.2"), told);
  }

  @Test
  void aFailureIsRememberedForASecond() {
    works = false;
    resolve("a.example");
    work();
    now += 999;
    resolve("a.example");
    assertEquals(List.of("dns_error", "dns_error"), told);
    works = true;
    now += 1;
    resolve("a.example");
    work();
    assertEquals(List.of("dns_error", "dns_error", "192.0.2.2"), told);
  }

  @Test
  void theTimeThatALookUpTakesDoesNotCount() {
    resolve("a.example");
    now += 60_000;
    resolve("a.example");
    work();
    now += 29_000;
    resolve("a.example");
    assertEquals(1, lookedUp.size());
    assertEquals(3, told.size());
  }

  @Test
  void aWorkerThatIsTooBusyIsAFailureOfTheMoment() {
    busy = true;
    resolve("a.example");
    assertEquals(List.of("dns_error"), told);
    busy = false;
    resolve("a.example");
    work();
    assertEquals(List.of("dns_error", "192.0.2.1"), told);
  }

  @Test
  void aLookUpThatThrowsAnythingIsAFailure() {
    AddressResolver broken =
        new AddressResolver(
            (host, completion) -> {
              throw new SecurityException();
            },
            Runnable::run,
            16,
            () -> now,
            Duration.ofSeconds(30),
            10);
    broken.resolve("a.example", null, this::tell);
    assertEquals(List.of("dns_error"), told);
  }

  @Test
  void aResolverMayAnswerLaterAndOnlyItsFirstAnswerCounts() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver slow = slow(pending);
    slow.resolve("a.example", null, this::tell);
    assertEquals(List.of(), told);
    pending.peek().completed(List.of(Ip.parse("192.0.2.7")));
    pending.peek().completed(List.of(Ip.parse("192.0.2.8")));
    slow.resolve("a.example", null, this::tell);
    assertEquals(List.of("192.0.2.7", "192.0.2.7"), told);
    assertEquals(1, pending.size());
  }

  @Test
  void aQuestionThatWasLostIsAskedAgainAfterTwoMinutes() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver lossy = slow(pending);
    lossy.resolve("a.example", null, this::tell);
    now += 119_999;
    lossy.resolve("a.example", null, this::tell);
    assertEquals(1, pending.size());
    now++;
    lossy.resolve("a.example", null, this::tell);
    assertEquals(2, pending.size());
    pending.peekLast().completed(List.of(Ip.parse("192.0.2.7")));
    assertEquals(List.of("192.0.2.7"), told);
  }

  private AddressResolver slow(Deque<Completion<List<InetAddress>>> pending) {
    return new AddressResolver(
        (host, completion) -> pending.add(completion),
        Runnable::run,
        16,
        () -> now,
        Duration.ofSeconds(30),
        10);
  }

  // Clients

  private static final InetAddress CLIENT = Ip.parse("192.0.2.100");
  private static final InetAddress OTHER = Ip.parse("192.0.2.101");

  private void resolveFor(InetAddress client, AddressResolver asked, int from, int to) {
    for (int i = from; i < to; i++) {
      asked.resolve("n" + i + ".example", client, this::tell);
    }
  }

  @Test
  void ofOneClientEightNamesAreLookedUpAtOnceAndTheOthersInTurn() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver slow = slow(pending);
    resolveFor(CLIENT, slow, 0, 10);
    assertEquals(8, pending.size());
    resolveFor(OTHER, slow, 10, 11);
    assertEquals(9, pending.size());
    pending.pop().completed(List.of(Ip.parse("192.0.2.7")));
    assertEquals(9, pending.size());
    assertEquals(List.of("192.0.2.7"), told);
  }

  @Test
  void aClientThatWantsTooManyNamesAtOnceIsRefused() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver slow = slow(pending);
    resolveFor(CLIENT, slow, 0, 11);
    assertEquals(List.of("http_request_denied"), told);
    resolveFor(OTHER, slow, 11, 12);
    resolveFor(CLIENT, slow, 0, 10); // what is being looked up costs nothing more
    resolveFor(null, slow, 12, 42);
    assertEquals(List.of("http_request_denied"), told);
    while (!pending.isEmpty()) {
      pending.pop().failed(Failure.badRequest(400, "x"));
    }
    told.clear();
    now += 1000;
    resolveFor(CLIENT, slow, 0, 10);
    assertEquals(List.of(), told);
  }

  @Test
  void lookUpsThatWereLostAreNotHeldAgainstAClient() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver lossy = slow(pending);
    resolveFor(CLIENT, lossy, 0, 10);
    now += 119_999;
    resolveFor(CLIENT, lossy, 20, 21);
    assertEquals(List.of("http_request_denied"), told);
    now++;
    resolveFor(CLIENT, lossy, 21, 22);
    assertEquals(11, pending.size()); // with those that were waiting
  }

  @Test
  void aWorkerThatIsTooBusyIsNotHeldAgainstAClient() {
    busy = true;
    resolveFor(CLIENT, resolver, 0, 20);
    assertEquals(20, told.size());
    assertEquals("dns_error", told.get(19));
    busy = false;
    told.clear();
    resolveFor(CLIENT, resolver, 0, 10);
    work();
    assertEquals(10, told.size());
  }

  private void completeAll(Deque<Completion<List<InetAddress>>> pending) {
    while (!pending.isEmpty()) {
      pending.pop().completed(List.of(Ip.parse("192.0.2.7")));
    }
  }

  @Test
  void whoWantsANameThatIsInAnothersQueueNeedNotWaitForTheirTurn() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver slow = slow(pending);
    resolveFor(CLIENT, slow, 0, 9);
    assertEquals(8, pending.size());
    slow.resolve("n8.example", OTHER, this::tell);
    assertEquals(9, pending.size());
    pending.removeLast().completed(List.of(Ip.parse("192.0.2.8")));
    assertEquals(List.of("192.0.2.8", "192.0.2.8"), told);
    completeAll(pending);
    assertEquals(10, told.size());
    assertEquals(0, pending.size()); // it was looked up once
  }

  @Test
  void aTurnThatSomebodyElsesLookUpHasSparedIsNotHeldAgainstAClient() {
    Deque<Completion<List<InetAddress>>> pending = new ArrayDeque<>();
    AddressResolver slow = slow(pending);
    resolveFor(CLIENT, slow, 0, 10);
    resolveFor(OTHER, slow, 8, 10);
    resolveFor(CLIENT, slow, 20, 22);
    assertEquals(List.of(), told);
    resolveFor(CLIENT, slow, 22, 23);
    assertEquals(List.of("http_request_denied"), told);
  }

  @Test
  void aRefusalIsForTheClientThatWantsTooMuchAlone() {
    resolveFor(CLIENT, resolver, 0, 10); // none of which has begun yet
    resolver.resolve("n20.example", OTHER, this::tell);
    resolver.resolve("n20.example", CLIENT, this::tell);
    assertEquals(List.of("http_request_denied"), told);
    work();
    assertEquals(12, told.size());
    assertEquals(11, lookedUp.size());
  }

  @Test
  void whoeverAsksAgainAfterARefusalGetsATurn() {
    resolveFor(CLIENT, resolver, 0, 11);
    assertEquals(List.of("http_request_denied"), told);
    work();
    resolver.resolve("n10.example", CLIENT, this::tell);
    work();
    assertEquals(12, told.size());
    assertEquals(11, lookedUp.size());
  }

  private static InetAddress client(int number) {
    return Ip.parse("192.0.2." + number);
  }

  @Test
  void clientsLeaveEachOtherThreads() {
    int[] begun = new int[6];
    for (int i = 0; i < begun.length; i++) {
      int before = work.size();
      resolveFor(client(i), resolver, 10 * i, 10 * i + 9);
      begun[i] = work.size() - before;
    }
    assertEquals("[8, 4, 2, 1, 1, 0]", Arrays.toString(begun));
  }

  @Test
  void whoWaitsForAThreadIsServedInTurn() {
    for (int i = 0; i < 8; i++) {
      resolveFor(client(i), resolver, 10 * i, 10 * i + 9);
    }
    assertEquals(16, work.size());
    for (int i = 0; i < 3; i++) {
      work.pop().run();
    }
    while (work.size() > 3) {
      work.pop(); // those that never end
    }
    for (int i = 0; i < 3; i++) {
      work.pop().run();
    }
    assertEquals(List.of("n50.example", "n60.example", "n70.example"), lookedUp.subList(3, 6));
  }

  @Test
  void clientsWhoseLookUpsWereLostAreForgotten() {
    LookupTurns turns = new LookupTurns(Runnable::run, 16, () -> now, 1000, 10);
    for (int i = 0; i < 1000; i++) {
      turns.enter(lost(i));
    }
    assertEquals(1000, turns.clients());
    now += 1000;
    turns.enter(lost(1000));
    assertEquals(1, turns.clients());
  }

  private static LookupTurns.Turn lost(int client) {
    return new LookupTurns.Turn(client) {
      @Override
      void begin() {}

      @Override
      void rejected() {}
    };
  }

  @Test
  void manyNamesDoNotFillTheMemory() {
    for (int i = 0; i < 25_000; i++) {
      resolve("host" + i + ".example");
      work();
    }
    assertEquals(25_000, told.size());
    resolve("host24999.example");
    assertEquals(25_000, lookedUp.size()); // the latest is still known
  }
}
