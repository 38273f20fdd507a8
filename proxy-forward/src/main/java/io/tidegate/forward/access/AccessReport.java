package io.tidegate.forward.access;

/**
 * What rules that only report have seen so far.
 *
 * @param refusals how often they would have refused a request; a request to a name may count once
 *     for each address that was tried, if the rules ask for addresses
 * @param kinds how many kinds of requests those were: by user, host, port and method
 * @param unrecorded how many of the refusals were of further kinds, beyond the most that are
 *     remembered; nothing has been logged about them or learned from them
 */
public record AccessReport(long refusals, int kinds, long unrecorded) {}
