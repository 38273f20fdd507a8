package io.tidegate.core.wire;

/**
 * How large a message head may be.
 *
 * @param maxBytes octets of the whole head
 * @param maxStartLine octets of its first line
 * @param maxFields field lines
 */
public record HeadLimits(int maxBytes, int maxStartLine, int maxFields) {}
