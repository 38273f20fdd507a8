/**
 * The life of a request: {@link io.tidegate.core.exchange.ProxyExchange} has one method per stage.
 */
@NullMarked
package io.tidegate.core.exchange;

import org.jspecify.annotations.NullMarked;
