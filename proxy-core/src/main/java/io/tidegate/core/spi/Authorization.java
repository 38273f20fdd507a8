package io.tidegate.core.spi;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import java.util.List;

/**
 * Has another server decide whether a request may pass, before anything else is done with it: a 2xx
 * answer lets it pass, any other is the client's response.
 */
public interface Authorization {
  /** Where the server is asked. */
  Route route();

  /**
   * What it is asked about {@code request}: a request without content.
   *
   * @param head its head, whose target is that of {@code target}
   * @param target its target
   */
  record Question(RequestHead head, RequestTarget target) {}

  /** The question for {@code request}. */
  Question question(ClientRequest request);

  /**
   * Fields of a 2xx answer that the upstream request gets. Those of these names that the client has
   * sent are removed in any case: a client cannot say itself who it is.
   */
  List<FieldName> granted();
}
