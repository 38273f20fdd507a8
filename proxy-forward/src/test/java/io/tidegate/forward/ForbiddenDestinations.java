package io.tidegate.forward;

import io.tidegate.core.http.Ip;
import java.util.List;
import java.util.stream.Stream;

/**
 * Destinations that a forward proxy must never dial unless told to, in all spellings that some
 * software on the way might understand. For every protocol in which a client can name one.
 */
public final class ForbiddenDestinations {
  /** A prefix under which the translators of the network are, for a proxy that goes by this. */
  public static final String NAT64_PREFIX = "fd64::/64";

  /** IPv4 addresses of every kind that is not public, in their one proper spelling. */
  private static final String IPV4 =
      """
      127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1
      172.31.255.254 192.168.0.1 192.168.255.255 169.254.169.254 169.254.170.2 169.254.0.1
      100.64.0.1 100.127.255.254 100.100.100.200 168.63.129.16 192.0.0.1 192.0.0.192 192.0.2.1
      198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255 192.88.99.1 224.0.0.1 239.255.255.250
      240.0.0.1 255.255.255.255 0.0.0.0 0.0.0.1 0.1.2.3
      """;

  /** IPv6 addresses that are not public, or lead to an IPv4 address that is not. */
  private static final String IPV6 =
      """
      [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [::] [0::0]
      [0:0:0:0:0:0:0:0] [::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1]
      [0:0:0:0:0:ffff:7F00:0001] [::ffff:0:127.0.0.1] [::127.0.0.1] [::7f00:1] [::ffff:10.0.0.1]
      [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:0.0.0.0] [::ffff:255.255.255.255]
      [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:FF9B::10.0.0.1] [64:ff9b::169.254.169.254]
      [64:ff9b:1::127.0.0.1] [64:ff9b:1:7f00:0:100::] [64:ff9b:1:7f:0:1::] [64:ff9b:1:0:7f:0:100:0]
      [fd64::7f:0:100:0] [fd64::a:0:100:0] [fd64::a9:fea9:fe00:0] [fd64:0:0:1:8:808:800:0]
      [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:a00:1::1] [2002:c0a8:1::1] [2002:e000:1::1]
      [2001:0:7f00:1::f7f7:f7f7] [2001:0:808:808::80ff:fffe] [2001:0:808:808::5601:5601]
      [2001:0:808:808::f5ff:fffe] [fe80::1] [fe80::5efe:127.0.0.1] [2a00:1450::5efe:127.0.0.1]
      [2a00:1450::200:5efe:10.0.0.1] [fc00::1] [fd00::1] [fd00:ec2::254] [FD00:EC2::254]
      [fd20:ce::254] [fec0::1] [ff02::1] [ff0e::1] [100::1] [2001:db8::1] [3fff::1] [2001:2::1]
      [2001:10::1] [2001:20::1] [5f00::1] [4000::1]
      """;

  /** What some readers take for one of them: other notations, and what is no host at all. */
  private static final String DISGUISED =
      """
      127.1 127.0.1 2130706433 017700000001 0x7f000001 0x7F000001 0X7F000001 0177.0.0.1 0177.0.0.01
      0x7f.0.0.1 0x7f.1 0x7f.0x0.0x0.0x1 127.0.0.01 127.000.000.001 127.0.0.0x1 00127.0.0.1 0 00 0x0
      0x 0.0 0.0.0 2852039166 0xa9fea9fe 0xA9FEA9FE 169.254.43518 169.16689662 0251.0376.0251.0376
      0251.254.169.254 0xa9.0xfe.0xa9.0xfe 169.254.169.0xfe 425.510.425.510 383.0.0.1
      256.256.256.256 4294967295 4294967296 6425673729 127.0.0.1. 127.0.0.1.. .127.0.0.1 127..1
      127.0.0.1.0 1.127.0.0.1 3232235521 192.168.1 192.168.257 10.1 167772161 012.0.0.1 0x0a.0.0.1
      +127.0.0.1 -1 127.0.0.-1 127.0.0.00000000000000000001
      127%2e0%2e0%2e1 %31%32%37.0.0.1 127.0.0.1%2e %6c%6f%63%61%6c%68%6f%73%74 127.0.0.1%00
      localhost%00.example.com 127.0.0.1%20 127.0.0.1%09 127.0.0.1%0d%0a %5b::1%5d 127.0.0.1%23
      127.0.0.1%2f 127.0.0.1%40example.com %EF%BC%91%EF%BC%92%EF%BC%97.0.0.1
      localhost LOCALHOST localhost. LocalHost. localhost.. .localhost a.localhost a.b.localhost.
      foo.LOCALHOST metadata METADATA. metadata.google.internal Metadata.Google.Internal
      metadata.google.internal. metadata.goog metadata.azure.internal metadata.tencentyun.com
      instance-data instance-data.ec2.internal
      127。0。0。1 127．0．0．1 127｡0｡0｡1 １２７.0.0.1 ①②⑦.⓪.⓪.① 𝟏𝟐𝟕.𝟎.𝟎.𝟏 ١٢٧.0.0.1 ｌｏｃａｌｈｏｓｔ
      ⓛⓞⓒⓐⓛⓗⓞⓢⓣ localhoſt 127.0.0.1。 ［::1］ [：：1] ⑯⑨。②⑤④。⑯⑨｡②⑤④
      ::1 [::1 ::1] [[::1]] [::1]. [::1%25lo] [::1%lo] [fe80::1%25eth0] [fe80::1%1] [::ffff:127.1]
      [::ffff:0177.0.0.1] [::ffff:0x7f.0.0.1] [::ffff:127.0.0.01] [v1.127.0.0.1] [127.0.0.1]
      [localhost] [::1::] [0:0:0:0:0:0:0:0:1] [00000::1] [:::1] [::ffff:127.0.0.1.]
      [::ffff:2130706433] [::1]127.0.0.1 127.0.0.1[::1] []
      user@127.0.0.1 user:word@127.0.0.1 example.com@127.0.0.1 127.0.0.1@example.com @127.0.0.1
      example.com\\@127.0.0.1 127.0.0.1\\.example.com 127.0.0.1;example.com 127.0.0.1,example.com
      127.0.0.1&@example.com example.com:80@127.0.0.1 127.0.0.1:80 localhost:80 "127.0.0.1" <127.0.0.1>
      """;

  private ForbiddenDestinations() {}

  /** Every spelling of a host, to be followed by a port. */
  public static List<String> spellings() {
    String invisible = "local\u00adhost 127.0.0.1\u200b \u200elocalhost 127\u2024 0.0.1";
    String overlong =
        "a".repeat(64) + ".example " + "a.".repeat(127) + "example " + "1".repeat(280);
    return words(IPV4, IPV6, DISGUISED, invisible, overlong);
  }

  /** The addresses among them, of which each can be what a harmless name resolves to. */
  public static List<String> addresses() {
    return words(IPV4, IPV6).stream().filter(word -> Ip.parse(word) != null).toList();
  }

  private static List<String> words(String... texts) {
    return Stream.of(texts).flatMap(text -> Stream.of(text.strip().split("\\s+"))).toList();
  }
}
