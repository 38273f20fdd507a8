package io.tidegate.reverse.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadReportTest {
  private static LoadReport parse(String value) {
    return LoadReport.parse(Fields.of("Endpoint-Load-Metrics", value));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "TEXT cpu_utilization=0.3 | 0.3 | 0 | 0",
        "TEXT cpu_utilization=0.3,application_utilization=0.7 | 0.7 | 0 | 0",
        "TEXT application_utilization=0, cpu_utilization=0.3 | 0.3 | 0 | 0",
        "TEXT cpu_utilization = 1.2 , rps_fractional=1e2, eps=5 | 1.2 | 100 | 5",
        "TEXT mem_utilization=0.9,named_metrics.kv=3,cpu_utilization=.5 | 0.5 | 0 | 0",
        "cpu_utilization:0.3,rps_fractional:10 | 0.3 | 10 | 0",
        "JSON {\"cpu_utilization\":0.3} | 0.3 | 0 | 0",
        "JSON { \"cpu_utilization\" : 0.3, \"named_metrics\": {\"a\": 1, \"eps\": 2}, \"eps\": 1 } | 0.3 | 0 | 1",
        "JSON {\"cpuUtilization\":0.3,\"applicationUtilization\":0.4,\"rpsFractional\":7} | 0.4 | 7 | 0",
        "JSON {\"request_cost\":{},\"cpu_utilization\":0.3} | 0.3 | 0 | 0",
      })
  void aReportIsRead(String value, double utilization, double requests, double errors) {
    assertEquals(new LoadReport(utilization, requests, errors), parse(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TEXT ",
        "TEXT mem_utilization=0.5",
        "TEXT cpu_utilization=0",
        "TEXT cpu_utilization=-0.5",
        "TEXT cpu_utilization=NaN",
        "TEXT cpu_utilization=Infinity",
        "TEXT cpu_utilization=1e999",
        "TEXT cpu_utilization=0x1p1",
        "TEXT cpu_utilization=1f",
        "TEXT cpu_utilization=",
        "TEXT cpu_utilization",
        "TEXT =0.5",
        "TEXT cpu_utilization=0.5,",
        "TEXT cpu_utilization=0.5;eps=1",
        "TEXT cpu_utilization=0.5,eps=x",
        "TEXT cpu_utilization=0.5,cpu_utilization=0.5",
        "JSON",
        "JSON {}",
        "JSON {\"cpu_utilization\":0.5",
        "JSON {\"cpu_utilization\":0.5}}",
        "JSON {\"cpu_utilization\":0.5,}",
        "JSON {\"cpu_utilization\":\"0.5\"}",
        "JSON {\"cpu_utilization\":null}",
        "JSON {cpu_utilization:0.5}",
        "JSON {\"cpu\\u005futilization\":0.5}",
        "JSON {\"cpu_utilization\":0.5,\"a\":{\"b\":{}}}",
        "JSON [{\"cpu_utilization\":0.5}]",
        "JSON {\"cpu_utilization",
        "BIN CZqZmZmZmbk/",
      })
  void whatIsMalformedOrSaysNothingIsNoReport(String value) {
    assertNull(parse(value));
  }

  @Test
  void twoReportsAndTooLongOnesAreNone() {
    String good = "TEXT cpu_utilization=0.5";
    assertNull(
        LoadReport.parse(Fields.of("endpoint-load-metrics", good, "endpoint-load-metrics", good)));
    assertNull(parse(good + ",x=" + "1".repeat(4096)));
    assertNull(LoadReport.parse(Fields.empty()));
  }

  @ParameterizedTest(name = "utilization {0}, requests {1}, errors {2}")
  @CsvSource({
    "0.5, 0, 9, 0.5, 2",
    "0.5, 100, 0, 0.5, 200",
    "0.5, 100, 50, 1, 100",
    "1, 1, 9, 2, 0.5"
  })
  void failuresCountAsLoad(
      double utilization, double requests, double errors, double load, double capacity) {
    LoadReport report = new LoadReport(utilization, requests, errors);
    assertEquals(load, report.load());
    assertEquals(capacity, report.capacity());
  }
}
