/**
 * What keeps an endpoint's failure from becoming the client's: when a request is sent again, how
 * often, and what answers if nothing helps.
 */
@NullMarked
package io.tidegate.reverse.resilience;

import org.jspecify.annotations.NullMarked;
