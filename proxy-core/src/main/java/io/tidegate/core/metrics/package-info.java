/** Meters of a proxy for Micrometer: the only package that knows it. */
@NullMarked
package io.tidegate.core.metrics;

import org.jspecify.annotations.NullMarked;
