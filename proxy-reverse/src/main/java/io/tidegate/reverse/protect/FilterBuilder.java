package io.tidegate.reverse.protect;

import java.util.ArrayList;
import java.util.List;

/** Says which filters requests must pass. None is on unless called. */
public final class FilterBuilder {
  private boolean pathTraversal;
  private boolean controlOctets;
  private boolean lineBreaks;
  private boolean unknownHosts;
  private boolean debugMethods;
  private FilterSettings.OverrideHandling overrideFields = FilterSettings.OverrideHandling.PASS;
  private int maxPathBytes = FilterSettings.ANY;
  private int maxQueryBytes = FilterSettings.ANY;
  private int maxQueryParameters = FilterSettings.ANY;
  private int maxFieldBytes = FilterSettings.ANY;
  private int maxCookieBytes = FilterSettings.ANY;
  private final List<RequestFilter> own = new ArrayList<>();

  FilterBuilder() {}

  /** Takes over what {@code settings} say. */
  void settings(FilterSettings settings) {
    this.pathTraversal = settings.pathTraversal();
    this.controlOctets = settings.controlOctets();
    this.lineBreaks = settings.lineBreaks();
    this.unknownHosts = settings.unknownHosts();
    this.debugMethods = settings.debugMethods();
    this.overrideFields = settings.overrideFields();
    maxPathBytes(settings.maxPathBytes()).maxQueryBytes(settings.maxQueryBytes());
    maxQueryParameters(settings.maxQueryParameters()).maxFieldBytes(settings.maxFieldBytes());
    maxCookieBytes(settings.maxCookieBytes());
  }

  /**
   * Refuses, with 400, a segment {@code ..} in the path, and beside a slash in a query parameter,
   * also if it is escaped once or twice.
   */
  public FilterBuilder pathTraversal() {
    this.pathTraversal = true;
    return this;
  }

  /**
   * Refuses, with 400, control octets that are escaped once or twice: in the path all of them, in
   * the query all but tabs and line breaks.
   */
  public FilterBuilder controlOctets() {
    this.controlOctets = true;
    return this;
  }

  /**
   * Refuses, with 400, line breaks in the query that are escaped once or twice. Forms with text of
   * several lines that are sent by GET have them.
   */
  public FilterBuilder lineBreaks() {
    this.lineBreaks = true;
    return this;
  }

  /** Refuses, with 421, hosts that no route names, though a route for any host would take them. */
  public FilterBuilder unknownHosts() {
    this.unknownHosts = true;
    return this;
  }

  /** Refuses TRACE, TRACK and DEBUG with 405. */
  public FilterBuilder debugMethods() {
    this.debugMethods = true;
    return this;
  }

  /**
   * Removes fields by which some applications replace path, host or method: X-Original-URL,
   * X-Rewrite-URL, X-Original-Host, X-Host, X-HTTP-Method-Override, X-HTTP-Method,
   * X-Method-Override.
   */
  public FilterBuilder removeOverrideFields() {
    this.overrideFields = FilterSettings.OverrideHandling.REMOVE;
    return this;
  }

  /** Refuses, with 400, requests with one of the fields of {@link #removeOverrideFields}. */
  public FilterBuilder refuseOverrideFields() {
    this.overrideFields = FilterSettings.OverrideHandling.REFUSE;
    return this;
  }

  /** Refuses longer paths with 414. */
  public FilterBuilder maxPathBytes(int bytes) {
    this.maxPathBytes = bytes;
    return this;
  }

  /** Refuses longer queries with 414. */
  public FilterBuilder maxQueryBytes(int bytes) {
    this.maxQueryBytes = bytes;
    return this;
  }

  /** Refuses more query parameters with 400. */
  public FilterBuilder maxQueryParameters(int parameters) {
    this.maxQueryParameters = parameters;
    return this;
  }

  /** Refuses longer field lines, name and line end included, with 431; Cookie does not count. */
  public FilterBuilder maxFieldBytes(int bytes) {
    this.maxFieldBytes = bytes;
    return this;
  }

  /** Refuses longer cookies, all of a request together, with 431. */
  public FilterBuilder maxCookieBytes(int bytes) {
    this.maxCookieBytes = bytes;
    return this;
  }

  /** Adds a filter of one's own, asked after the built-in ones. */
  public FilterBuilder filter(RequestFilter filter) {
    own.add(filter);
    return this;
  }

  List<RequestFilter> own() {
    return List.copyOf(own);
  }

  FilterSettings settings() {
    return new FilterSettings(
        pathTraversal,
        controlOctets,
        lineBreaks,
        unknownHosts,
        debugMethods,
        overrideFields,
        maxPathBytes,
        maxQueryBytes,
        maxQueryParameters,
        maxFieldBytes,
        maxCookieBytes);
  }
}
