package io.tidegate.reverse.route;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ClientAddress;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Cookies;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One condition of a route, ready to be asked. */
@FunctionalInterface
interface RequestMatcher {
  /**
   * Whether {@code request} matches; its path is the first {@code end} characters of {@code path},
   * in the spelling of {@link RequestPath}.
   */
  boolean matches(ClientRequest request, String path, int end);

  /**
   * The matchers for {@code conditions}, which were checked: those that cost least first.
   *
   * @param forwarded whose word is believed about who the client is
   */
  static RequestMatcher[] of(Conditions conditions, ForwardedFields forwarded) {
    List<RequestMatcher> matchers = new ArrayList<>();
    if (!conditions.scheme().isEmpty()) {
      boolean secure = conditions.scheme().equals("https");
      matchers.add((request, path, end) -> request.secure() == secure);
    }
    if (!conditions.methods().isEmpty()) {
      Set<String> methods = Set.copyOf(conditions.allMethods());
      matchers.add((request, path, end) -> methods.contains(request.head().method()));
    }
    if (!conditions.clients().isEmpty()) {
      matchers.add(
          client(conditions.clients().stream().map(AddressRange::parse).toList(), forwarded));
    }
    for (ValueCondition condition : conditions.fields()) {
      matchers.add(field(FieldName.of(condition.name()), ValueMatcher.of(condition)));
    }
    for (ValueCondition condition : conditions.cookies()) {
      matchers.add(cookie(condition.name(), ValueMatcher.of(condition)));
    }
    for (ValueCondition condition : conditions.query()) {
      matchers.add(parameter(condition.name(), ValueMatcher.of(condition)));
    }
    if (!conditions.pathRegex().isEmpty()) {
      SafeRegex regex = SafeRegex.of(conditions.pathRegex());
      matchers.add((request, path, end) -> regex.matches(path, end));
    }
    return matchers.toArray(RequestMatcher[]::new);
  }

  private static RequestMatcher client(List<AddressRange> ranges, ForwardedFields forwarded) {
    return (request, path, end) -> {
      InetAddress peer = request.clientAddress().getAddress();
      InetAddress client = ClientAddress.of(forwarded, request.head().fields(), peer);
      for (int i = 0; i < ranges.size() && client != null; i++) {
        if (ranges.get(i).contains(client)) {
          return true;
        }
      }
      return false;
    };
  }

  private static RequestMatcher field(FieldName name, ValueMatcher matcher) {
    return (request, path, end) -> {
      Fields fields = request.head().fields();
      for (int i = fields.indexOf(name, 0); i >= 0; i = fields.indexOf(name, i + 1)) {
        if (matcher.matches(fields.value(i))) {
          return true;
        }
      }
      return false;
    };
  }

  private static RequestMatcher cookie(String name, ValueMatcher matcher) {
    return (request, path, end) -> Cookies.any(request.head().fields(), name, matcher::matches);
  }

  private static RequestMatcher parameter(String name, ValueMatcher matcher) {
    return (request, path, end) -> QueryParameters.any(request.pathAndQuery(), name, matcher);
  }
}
