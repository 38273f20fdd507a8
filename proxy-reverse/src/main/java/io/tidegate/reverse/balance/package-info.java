/**
 * Load balancers: which of several endpoints serves a request. Pure: they are given what they need
 * to know, time and chance included.
 */
@NullMarked
package io.tidegate.reverse.balance;

import org.jspecify.annotations.NullMarked;
