package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.forward.ForwardProxy;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;

/** A filter of the application's own: it asks a slow service, and keeps executables out. */
public final class OwnFilter {
  private OwnFilter() {}

  /** Every client belongs to the same tenant here. */
  public static void main(String[] arguments) {
    start(3128, client -> "acme", ForkJoinPool.commonPool());
  }

  static Proxy start(int port, UnaryOperator<String> tenants, Executor worker) {
    // region filter
    FieldName tenant = FieldName.of("Tenant");
    ExchangeFilter filter =
        new ExchangeFilter() {
          @Override
          public void request(ClientRequest request, Completion<Verdict> completion) {
            String client = request.clientAddress().getAddress().getHostAddress();
            worker.execute( // it may take its time there, but not here
                () -> {
                  String name = tenants.apply(client);
                  FieldEdits fields = new FieldEdits(request.head().fields());
                  completion.completed(new Pass(fields.set(tenant, name).toFields()));
                });
          }

          @Override
          public void response(
              ClientRequest request,
              Destination destination,
              ResponseHead response,
              Completion<Verdict> completion) {
            String type = response.fields().first(FieldName.CONTENT_TYPE);
            completion.completed(
                "application/x-msdownload".equals(type)
                    ? OwnResponse.of(403, "Content-Type", "text/plain").content("not here\n")
                    : new Pass(response.fields()));
          }
        };
    return ForwardProxy.builder().listen(port).allowPrivateDestinations().filter(filter).start();
    // endregion
  }
}
