package io.tidegate.reverse.health;

/**
 * How many probes in a row change the state of an endpoint.
 *
 * @param rise how many must pass for it to come up
 * @param fall how many must fail for it to go down
 */
public record ProbeThresholds(int rise, int fall) {}
