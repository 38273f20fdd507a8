package io.tidegate.reverse.traffic;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;

/**
 * Keeps what a question says about the client's request, which looks like what a stranger may have
 * sent.
 */
final class QuestionHeaders implements HeaderPolicy {
  static final FieldName METHOD = FieldName.of("X-Forwarded-Method");
  static final FieldName URI = FieldName.of("X-Forwarded-Uri");

  private final HeaderPolicy others;

  QuestionHeaders(HeaderPolicy others) {
    this.others = others;
  }

  @Override
  public String host(ClientRequest request, Destination destination) {
    return others.host(request, destination);
  }

  @Override
  public void upstreamRequest(ClientRequest question, Destination destination, FieldEdits fields) {
    others.upstreamRequest(question, destination, fields);
    for (FieldName name : new FieldName[] {METHOD, URI}) {
      String said = question.head().fields().first(name);
      if (said != null) {
        fields.set(name, said);
      }
    }
  }

  @Override
  public void clientResponse(
      ClientRequest question, Destination destination, ResponseHead answer, FieldEdits fields) {
    others.clientResponse(question, destination, answer, fields);
  }
}
