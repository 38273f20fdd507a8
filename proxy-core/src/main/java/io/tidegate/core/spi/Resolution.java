package io.tidegate.core.spi;

/**
 * What {@link DestinationResolver} answers: a route, an answer of our own, or why there is none.
 */
public sealed interface Resolution permits Route, OwnResponse, Failure {}
