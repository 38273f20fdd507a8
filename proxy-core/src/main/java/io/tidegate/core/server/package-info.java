/**
 * The client's side: listeners, client connections, and the seam to an application's own Undertow.
 */
@NullMarked
package io.tidegate.core.server;

import org.jspecify.annotations.NullMarked;
