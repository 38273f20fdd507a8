/**
 * The health of endpoints: what probes and requests tell about one, and what follows. Pure: time
 * and chance are passed in.
 */
@NullMarked
package io.tidegate.reverse.health;

import org.jspecify.annotations.NullMarked;
