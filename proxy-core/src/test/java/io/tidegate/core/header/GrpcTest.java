package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/grpc           | true
          application/grpc+proto     | true
          Application/gRPC; a=b      | true
          application/grpc-web       | true
          application/grp            | false
          application/json           | false
          text/application/grpc      | false
          """)
  void aCallIsKnownByItsContentType(String type, boolean call) {
    assertEquals(call, Grpc.isSpoken(Fields.of("Content-Type", type)));
  }

  @Test
  void aMessageWithoutContentTypeIsNoCall() {
    assertFalse(Grpc.isSpoken(Fields.empty()));
  }
}
