package io.tidegate.core.log;

import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.List;
import java.util.Optional;

/** What the lines of a log look like. Thread-safe. */
interface LineFormat {
  String CLF = "{client} - {user} [{time.clf}] \"{request}\" {status} {bytes}";
  String COMBINED = CLF + " \"{field:Referer}\" \"{field:User-Agent}\"";

  /** Writes the line about {@code outcome}, without its end. */
  void write(Outcome outcome, Line line);

  /** How values are escaped. */
  Escape escape();

  /**
   * The lines of {@code pattern}, else of {@code format}.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong
   */
  static LineFormat of(
      LogFormat format, Optional<String> pattern, List<String> members, MaskingSettings masking) {
    Values values = new Values(new Masking(masking));
    if (pattern.isPresent()) {
      return PatternFormat.of(pattern.get(), values);
    }
    return switch (format) {
      case CLF -> PatternFormat.of(CLF, values);
      case COMBINED -> PatternFormat.of(COMBINED, values);
      case JSON -> JsonFormat.of(members, values);
      case SQUID -> new SquidFormat(values);
    };
  }
}
