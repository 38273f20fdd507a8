package io.tidegate.reverse;

import io.tidegate.reverse.route.Conditions;
import io.tidegate.reverse.route.ValueCondition;
import java.util.ArrayList;
import java.util.List;

/**
 * Which requests a route takes; made by {@link Routes}. What is wrong with it is said when the
 * proxy is built.
 *
 * <p>Every condition must be met. Of several methods, or several client ranges, one is enough.
 *
 * @param host a host, {@code *.} and a host, or {@code *}
 * @param path a path template
 * @param conditions what else is asked of a request
 */
public record RouteMatch(String host, String path, Conditions conditions) {
  /** Every request. */
  static final RouteMatch ALL =
      new RouteMatch(RouteSettings.ANY_HOST, RouteSettings.ANY_PATH, Conditions.NONE);

  /** The same, for hosts that match {@code pattern} only. */
  public RouteMatch host(String pattern) {
    return new RouteMatch(pattern, path, conditions);
  }

  /** The same, for paths that match {@code template} only. */
  public RouteMatch path(String template) {
    return new RouteMatch(host, template, conditions);
  }

  /**
   * The same, for paths only that fit {@code regex} as a whole, beside the template. The path is in
   * one spelling, see {@link Routes}.
   */
  public RouteMatch pathRegex(String regex) {
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(), c.methods(), regex, c.fields(), c.query(), c.cookies(), c.clients()));
  }

  /** The same, for clients only whose connection speaks {@code scheme}: http or https. */
  public RouteMatch scheme(String scheme) {
    Conditions c = conditions;
    return with(
        new Conditions(
            scheme, c.methods(), c.pathRegex(), c.fields(), c.query(), c.cookies(), c.clients()));
  }

  /** The same, for these methods only, and those of earlier calls. GET stands for HEAD too. */
  public RouteMatch method(String first, String... more) {
    List<String> methods = plus(conditions.methods(), first);
    methods.addAll(List.of(more));
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(), methods, c.pathRegex(), c.fields(), c.query(), c.cookies(), c.clients()));
  }

  /** The same, for requests only that have the field {@code name}. */
  public RouteMatch field(String name) {
    return field(name, ValueCondition.Kind.PRESENT, "");
  }

  /** The same, for requests only of which a line of the field {@code name} is {@code value}. */
  public RouteMatch field(String name, String value) {
    return field(name, ValueCondition.Kind.EXACT, value);
  }

  /** The same, for requests only of which a line of the field begins with {@code prefix}. */
  public RouteMatch fieldPrefix(String name, String prefix) {
    return field(name, ValueCondition.Kind.PREFIX, prefix);
  }

  /** The same, for requests only of which a line of the field fits {@code regex} as a whole. */
  public RouteMatch fieldRegex(String name, String regex) {
    return field(name, ValueCondition.Kind.REGEX, regex);
  }

  private RouteMatch field(String name, ValueCondition.Kind kind, String value) {
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(),
            c.methods(),
            c.pathRegex(),
            plus(c.fields(), new ValueCondition(name, kind, value)),
            c.query(),
            c.cookies(),
            c.clients()));
  }

  /** The same, for requests only that have the query parameter {@code name}. */
  public RouteMatch query(String name) {
    return query(name, ValueCondition.Kind.PRESENT, "");
  }

  /** The same, for requests only with a query parameter {@code name} that is {@code value}. */
  public RouteMatch query(String name, String value) {
    return query(name, ValueCondition.Kind.EXACT, value);
  }

  /** The same, for requests only with such a query parameter that begins with {@code prefix}. */
  public RouteMatch queryPrefix(String name, String prefix) {
    return query(name, ValueCondition.Kind.PREFIX, prefix);
  }

  /** The same, for requests only with such a query parameter that fits {@code regex}. */
  public RouteMatch queryRegex(String name, String regex) {
    return query(name, ValueCondition.Kind.REGEX, regex);
  }

  private RouteMatch query(String name, ValueCondition.Kind kind, String value) {
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(),
            c.methods(),
            c.pathRegex(),
            c.fields(),
            plus(c.query(), new ValueCondition(name, kind, value)),
            c.cookies(),
            c.clients()));
  }

  /** The same, for requests only that have the cookie {@code name}. */
  public RouteMatch cookie(String name) {
    return cookie(name, ValueCondition.Kind.PRESENT, "");
  }

  /** The same, for requests only with a cookie {@code name} that is {@code value}. */
  public RouteMatch cookie(String name, String value) {
    return cookie(name, ValueCondition.Kind.EXACT, value);
  }

  /** The same, for requests only with such a cookie that begins with {@code prefix}. */
  public RouteMatch cookiePrefix(String name, String prefix) {
    return cookie(name, ValueCondition.Kind.PREFIX, prefix);
  }

  /** The same, for requests only with such a cookie that fits {@code regex} as a whole. */
  public RouteMatch cookieRegex(String name, String regex) {
    return cookie(name, ValueCondition.Kind.REGEX, regex);
  }

  private RouteMatch cookie(String name, ValueCondition.Kind kind, String value) {
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(),
            c.methods(),
            c.pathRegex(),
            c.fields(),
            c.query(),
            plus(c.cookies(), new ValueCondition(name, kind, value)),
            c.clients()));
  }

  /**
   * The same, for clients only that have one of these addresses or are in one of these ranges, like
   * {@code 10.0.0.0/8}, or those of earlier calls. Behind {@linkplain
   * ReverseProxy.Builder#trustedClients trusted} proxies the address is the one they tell.
   */
  public RouteMatch client(String first, String... more) {
    List<String> clients = plus(conditions.clients(), first);
    clients.addAll(List.of(more));
    Conditions c = conditions;
    return with(
        new Conditions(
            c.scheme(), c.methods(), c.pathRegex(), c.fields(), c.query(), c.cookies(), clients));
  }

  private RouteMatch with(Conditions changed) {
    return new RouteMatch(host, path, changed);
  }

  private static <T> List<T> plus(List<T> before, T one) {
    List<T> all = new ArrayList<>(before);
    all.add(one);
    return all;
  }

  /**
   * Host, path and conditions, as problems name the route; without values, which may be secrets.
   */
  @Override
  public String toString() {
    String where = host.equals(RouteSettings.ANY_HOST) ? path : host + path;
    return conditions.equals(Conditions.NONE) ? where : where + " (" + conditions + ")";
  }
}
