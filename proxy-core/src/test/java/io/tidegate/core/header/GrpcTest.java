package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
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
  void aResponseIsKnownByItsContentType(String type, boolean call) {
    assertEquals(call, Grpc.isSpoken(Fields.of("Content-Type", type)));
  }

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HTTP_2   | POST | trailers | application/grpc       | true
          HTTP_2   | POST | trailers | application/grpc+proto | true
          HTTP_2   | POST | trailers | application/grpc;a=b   | true
          HTTP_2   | POST | trailers | application/grpc-web   | false
          HTTP_2   | POST | trailers | application/grpcs      | false
          HTTP_2   | POST | gzip     | application/grpc       | false
          HTTP_2   | PUT  | trailers | application/grpc       | false
          HTTP_1_1 | POST | trailers | application/grpc       | false
          """)
  void aCallBeginsAsClientsOfGrpcBeginIt(
      HttpVersion version, String method, String te, String type, boolean call) {
    Fields fields = Fields.of("TE", te, "Content-Type", type);
    assertEquals(call, Grpc.isCall(new RequestHead(method, "/a", version, fields)));
  }

  @Test
  void aMessageWithoutContentTypeIsNoCall() {
    assertFalse(Grpc.isSpoken(Fields.empty()));
  }
}
