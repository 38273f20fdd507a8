package io.tidegate.forward.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.forward.Sample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private static final AddressRules BY_DEFAULT =
      new AddressRules(false, List.of(), List.of(), List.of());
  private static final AddressRules PRIVATE_TOO =
      new AddressRules(true, List.of(), List.of(), List.of());

  private static AddressRules allowing(String... ranges) {
    return new AddressRules(false, ranges(ranges), List.of(), List.of());
  }

  private static List<AddressRange> ranges(String... ranges) {
    return Stream.of(ranges).map(AddressRange::parse).toList();
  }

  private static void assertPermits(AddressRules rules, String address) {
    assertNull(rules.refuses(Sample.ip(address)), address);
  }

  private static void assertRefuses(AddressRules rules, String address) {
    assertNotNull(rules.refuses(Sample.ip(address)), address);
  }

  @Test
  void publicAddressMayBeDialled() {
    assertPermits(BY_DEFAULT, "8.8.8.8");
    assertPermits(BY_DEFAULT, "2606:4700:4700::1111");
  }

  @Test
  void refusalSaysWhyWithTheErrorTypeForIt() {
    Failure failure = BY_DEFAULT.refuses(Sample.ip("169.254.169.254"));
    assertEquals(
        Failure.of(
            ProxyError.DESTINATION_IP_PROHIBITED,
            "the address of the destination is cloud metadata"),
        failure);
    assertEquals(403, failure.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "240.0.0.1",
        "::1",
        "fd00:ec2::254",
        "fe80::1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::1"
      })
  void everyUnicastAddressMayBeDialledIfPrivateOnesAreAllowed(String address) {
    assertRefuses(BY_DEFAULT, address);
    assertPermits(PRIVATE_TOO, address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "ff02::1",
        "64:ff9b::224.0.0.1",
        "::ffff:0:0.0.0.0"
      })
  void whatIsNotUnicastIsNeverDialled(String address) {
    assertRefuses(BY_DEFAULT, address);
    assertRefuses(PRIVATE_TOO, address);
    assertRefuses(allowing("0.0.0.0/0", "::/0"), address);
  }

  @Test
  void allowedRangeIsAllThatOpens() {
    AddressRules rules = allowing("10.1.0.0/16", "fd12::/16");
    assertPermits(rules, "10.1.2.3");
    assertPermits(rules, "fd12::1");
    assertPermits(rules, "8.8.8.8");
    assertRefuses(rules, "10.2.0.1");
    assertRefuses(rules, "fd13::1");
    assertRefuses(rules, "127.0.0.1");
  }

  @Test
  void allowedRangeCoversTheAddressInsideOfAWrapper() {
    AddressRules rules = allowing("10.1.0.0/16");
    assertPermits(rules, "64:ff9b::10.1.2.3");
    assertPermits(rules, "2001:0:808:808::f5fe:fffe");
    assertRefuses(rules, "64:ff9b::10.2.0.1");
    assertRefuses(rules, "2001:0:7f00:1::f5fe:fffe");
    assertRefuses(rules, "fe80::5efe:10.1.2.3");
  }

  @Test
  void allowedRangeCoversAWrapperWhateverIsInside() {
    assertPermits(allowing("64:ff9b::/96"), "64:ff9b::10.2.0.1");
  }

  @Test
  void deniedRangeCountsMoreThanAnythingThatAllows() {
    AddressRules rules =
        new AddressRules(
            true, ranges("10.0.0.0/8"), ranges("10.9.0.0/16", "1.1.1.0/24"), List.of());
    assertRefuses(rules, "10.9.1.1");
    assertRefuses(rules, "1.1.1.1");
    assertRefuses(rules, "64:ff9b::1.1.1.1");
    assertRefuses(rules, "2002:101:101::1");
    assertPermits(rules, "10.8.1.1");
    assertPermits(rules, "1.1.2.1");
    assertPermits(rules, "64:ff9b::1.1.2.1");
  }

  @Test
  void localhostIsRefusedUnlessALoopbackAddressIsAllowed() {
    assertNotNull(BY_DEFAULT.refusesLocalhost());
    assertNotNull(allowing("10.0.0.0/8").refusesLocalhost());
    assertNull(PRIVATE_TOO.refusesLocalhost());
    assertNull(allowing("127.0.0.0/8").refusesLocalhost());
    assertNull(allowing("::1").refusesLocalhost());
  }

  @Test
  void metadataNamesAreRefusedUnlessAMetadataAddressIsAllowed() {
    assertEquals(
        "the address of the destination is cloud metadata", BY_DEFAULT.refusesMetadata().detail());
    assertNotNull(allowing("10.0.0.0/8").refusesMetadata());
    assertNull(PRIVATE_TOO.refusesMetadata());
    assertNull(allowing("169.254.169.254").refusesMetadata());
    assertNull(allowing("fd00:ec2::/32").refusesMetadata());
  }
}
