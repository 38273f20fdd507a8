/**
 * The reverse proxy: routes requests to clusters of endpoints.
 *
 * <h2>Starting points</h2>
 *
 * {@link io.tidegate.reverse.ReverseProxy#builder()} makes one. {@link io.tidegate.reverse.Routes}
 * says which requests a route takes, {@link io.tidegate.reverse.LoadBalancers} which endpoint of a
 * cluster serves one. The records named {@code …Settings} hold what a builder was told.
 */
@NullMarked
package io.tidegate.reverse;

import org.jspecify.annotations.NullMarked;
