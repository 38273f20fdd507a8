package io.tidegate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.Ip;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PurgeAccessTest {
  private static final List<AddressRange> FROM =
      List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("10.0.0.0/8"));
  private static final Failure SECRET_MISSING = Failure.denied("the secret is missing");
  private static final AccessPolicy NEVER = request -> SECRET_MISSING;
  private static final AccessPolicy ALWAYS = AccessPolicy.PERMIT_ALL;

  private static ClientRequest request(String method, String client) {
    return new ClientRequest(
        new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.empty()),
        new RequestTarget.OriginForm("/"),
        "http",
        new Authority("a", -1),
        false,
        new InetSocketAddress(Ip.parse(client), 50_000),
        new InetSocketAddress(Ip.parse("10.0.0.1"), 80));
  }

  private static ClientRequest purge(String client) {
    return request("PURGE", client);
  }

  @Test
  void purgeIsAMethodLikeAnyUnlessSomebodyMay() {
    assertFalse(PurgeAccess.NONE.concerns(purge("127.0.0.1")));
    assertTrue(new PurgeAccess(FROM, List.of()).concerns(purge("192.0.2.1")));
    assertTrue(new PurgeAccess(List.of(), List.of(NEVER)).concerns(purge("192.0.2.1")));
    assertFalse(new PurgeAccess(FROM, List.of(ALWAYS)).concerns(request("purge", "127.0.0.1")));
    assertFalse(new PurgeAccess(FROM, List.of(ALWAYS)).concerns(request("GET", "127.0.0.1")));
  }

  @Test
  void addressesAreTheOnesListed() {
    PurgeAccess access = new PurgeAccess(FROM, List.of());
    assertNull(access.refuses(purge("127.0.0.1")));
    assertNull(access.refuses(purge("10.9.8.7")));
    assertNull(access.refuses(purge("::ffff:10.9.8.7")));
    assertEquals(Failure.denied("this client may not purge"), access.refuses(purge("127.0.0.2")));
    assertNotNull(access.refuses(purge("::1")));
  }

  @Test
  void whoIsRefusedByOneIsRefused() {
    assertNull(new PurgeAccess(List.of(), List.of(ALWAYS)).refuses(purge("192.0.2.1")));
    assertNull(new PurgeAccess(FROM, List.of(ALWAYS, ALWAYS)).refuses(purge("127.0.0.1")));
    assertNotNull(new PurgeAccess(FROM, List.of(ALWAYS)).refuses(purge("192.0.2.1")));
    PurgeAccess both = new PurgeAccess(FROM, List.of(ALWAYS, NEVER));
    assertEquals(SECRET_MISSING, both.refuses(purge("127.0.0.1")));
  }
}
