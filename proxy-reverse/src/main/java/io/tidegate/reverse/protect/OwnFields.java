package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.OwnResponse;

/** Gives what is answered before there is a route the fields that responses on the route get. */
final class OwnFields {
  private OwnFields() {}

  static Failure edited(Failure failure, ClientRequest request, HeaderPolicy headers) {
    return new Failure(
        failure.error(),
        failure.status(),
        failure.detail(),
        failure.cause(),
        edited(failure.fields(), request, headers));
  }

  static OwnResponse edited(OwnResponse own, ClientRequest request, HeaderPolicy headers) {
    return new OwnResponse(own.status(), edited(own.fields(), request, headers), own.content());
  }

  private static Fields edited(Fields before, ClientRequest request, HeaderPolicy headers) {
    FieldEdits fields = new FieldEdits(before);
    headers.ownResponse(request, fields);
    return fields.toFields();
  }
}
