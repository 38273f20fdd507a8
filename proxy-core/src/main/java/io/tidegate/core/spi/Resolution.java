package io.tidegate.core.spi;

/** What {@link DestinationResolver} answers: a route, or why there is none. */
public sealed interface Resolution permits Route, Failure {}
