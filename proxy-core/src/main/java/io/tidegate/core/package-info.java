/** The engine that the forward and the reverse proxy share. */
@NullMarked
package io.tidegate.core;

import org.jspecify.annotations.NullMarked;
