package io.tidegate.core;

import io.tidegate.core.log.AccessLog;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.log.LogFormat;
import io.tidegate.core.log.MaskingSettings;
import io.tidegate.core.log.RotationSettings;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.Kept;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access log: a line for each exchange with a client, combined and to standard output
 * unless told otherwise.
 */
public final class AccessLogBuilder {
  private Optional<String> file = Optional.empty();
  private Optional<String> logger = Optional.empty();
  private boolean standardError;
  private @Nullable Consumer<String> sink;
  private LogFormat format = AccessLogSettings.DEFAULT.format();
  private Optional<String> pattern = Optional.empty();
  private List<String> members = List.of();
  private String zone = AccessLogSettings.DEFAULT.zone();
  private long rotateBytes = RotationSettings.DEFAULT.maxBytes();
  private boolean rotateDaily;
  private int keepFiles = RotationSettings.DEFAULT.keep();
  private int ipv4Bits = MaskingSettings.DEFAULT.ipv4Bits();
  private int ipv6Bits = MaskingSettings.DEFAULT.ipv6Bits();
  private boolean withoutQuery;
  private final List<String> redactedParameters = new ArrayList<>();
  private final List<String> redactedFields = new ArrayList<>();
  private boolean showCredentials;
  private int maxQueueBytes = AccessLogSettings.DEFAULT.maxQueueBytes();

  /** Combined, to standard output. */
  public AccessLogBuilder() {}

  /** Says what {@code settings} say. */
  public AccessLogBuilder settings(AccessLogSettings settings) {
    this.file = settings.file();
    this.logger = settings.logger();
    this.standardError = settings.standardError();
    this.format = settings.format();
    this.pattern = settings.pattern();
    this.members = settings.members();
    this.zone = settings.zone();
    this.rotateBytes = settings.rotation().maxBytes();
    this.rotateDaily = settings.rotation().daily();
    this.keepFiles = settings.rotation().keep();
    this.ipv4Bits = settings.masking().ipv4Bits();
    this.ipv6Bits = settings.masking().ipv6Bits();
    this.withoutQuery = settings.masking().withoutQuery();
    this.redactedParameters.addAll(settings.masking().redactedParameters());
    this.redactedFields.addAll(settings.masking().redactedFields());
    this.showCredentials = settings.masking().showCredentials();
    this.maxQueueBytes = settings.maxQueueBytes();
    return this;
  }

  /**
   * Appends to this file, whose directory has to be there. A new one can be read by its owner and
   * group. One that was moved away or removed is made anew with the next lines.
   */
  public AccessLogBuilder file(Path path) {
    this.file = Optional.of(path.toString());
    return this;
  }

  /** Gives each line at level INFO to the {@link System.Logger} with this name. */
  public AccessLogBuilder logger(String name) {
    this.logger = Optional.of(name);
    return this;
  }

  /** Writes to the standard error of the process. */
  public AccessLogBuilder standardError() {
    this.standardError = true;
    return this;
  }

  /**
   * Gives each line, without its end, to {@code consumer}, on a thread of the log's own. As it is
   * behaviour, such a log is not part of settings.
   */
  public AccessLogBuilder sink(Consumer<String> consumer) {
    this.sink = consumer;
    return this;
  }

  /** The form of the lines; {@link LogFormat#COMBINED} unless called. */
  public AccessLogBuilder format(LogFormat form) {
    this.format = form;
    return this;
  }

  /**
   * What lines look like, in place of a format: text with names of values in braces, {@code
   * {client} {status} {ms.total} {field:User-Agent}}.
   */
  public AccessLogBuilder pattern(String text) {
    this.pattern = Optional.of(text);
    return this;
  }

  /** Lines of JSON with the values of these names, in place of the usual ones. */
  public AccessLogBuilder json(String... names) {
    this.members = List.of(names);
    return format(LogFormat.JSON);
  }

  /** The time zone of the times written, and of days; UTC unless called. */
  public AccessLogBuilder zone(ZoneId id) {
    this.zone = id.getId();
    return this;
  }

  /**
   * Begins a new file when this one would have more octets, 1,024 at least. Lines are written in
   * pieces of up to 256 KiB: a file that is to be shorter has one piece.
   */
  public AccessLogBuilder rotateBytes(long bytes) {
    this.rotateBytes = bytes;
    return this;
  }

  /** Begins a new file each day. */
  public AccessLogBuilder rotateDaily() {
    this.rotateDaily = true;
    return this;
  }

  /** How many files are kept beside the one that is written; 7 unless called. */
  public AccessLogBuilder keepFiles(int count) {
    this.keepFiles = count;
    return this;
  }

  /** Tells no more than 24 bits of IPv4 addresses of clients, and 48 of IPv6 addresses. */
  public AccessLogBuilder maskClients() {
    return maskClients(24, 48);
  }

  /** Tells so many bits of the addresses of clients, the others being 0. */
  public AccessLogBuilder maskClients(int bitsOfIpv4, int bitsOfIpv6) {
    this.ipv4Bits = bitsOfIpv4;
    this.ipv6Bits = bitsOfIpv6;
    return this;
  }

  /** Leaves queries of URIs out, those in Referer and Location too. */
  public AccessLogBuilder withoutQuery() {
    this.withoutQuery = true;
    return this;
  }

  /** Writes {@code redacted} for the values of these parameters of queries; accumulates. */
  public AccessLogBuilder redactParameters(String... names) {
    redactedParameters.addAll(List.of(names));
    return this;
  }

  /** Writes {@code redacted} for the values of these fields; accumulates. */
  public AccessLogBuilder redactFields(String... names) {
    redactedFields.addAll(List.of(names));
    return this;
  }

  /**
   * Writes the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie where the log
   * asks for them: whoever reads it can then act as any client.
   */
  public AccessLogBuilder showCredentials() {
    this.showCredentials = true;
    return this;
  }

  /** How many octets of lines may wait to be written, beyond which they are dropped; 4 MiB. */
  public AccessLogBuilder maxQueueBytes(int bytes) {
    this.maxQueueBytes = bytes;
    return this;
  }

  /** Whether it is part of settings. */
  boolean isPlain() {
    return sink == null;
  }

  /** The log with a sink, which no settings describe; the one there was before, if it is kept. */
  AccessLog toSink(Kept kept, EventListener events) {
    Consumer<String> consumer = Objects.requireNonNull(sink);
    AccessLogSettings settings = settings();
    return kept.of(
        AccessLog.class,
        this,
        () -> AccessLog.to(consumer, settings, InstantSource.system(), events));
  }

  /**
   * What was said, but for a sink.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public AccessLogSettings settings() {
    return new AccessLogSettings(
        file,
        logger,
        standardError,
        format,
        pattern,
        members,
        zone,
        new RotationSettings(rotateBytes, rotateDaily, keepFiles),
        new MaskingSettings(
            ipv4Bits, ipv6Bits, withoutQuery, redactedParameters, redactedFields, showCredentials),
        maxQueueBytes);
  }
}
