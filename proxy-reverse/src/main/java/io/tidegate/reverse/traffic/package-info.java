/** Requests that are made besides a client's: for leave to pass, and copies of it. */
@NullMarked
package io.tidegate.reverse.traffic;

import org.jspecify.annotations.NullMarked;
