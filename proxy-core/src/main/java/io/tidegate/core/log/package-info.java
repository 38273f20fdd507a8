/** The access log: a line for each exchange, written by a thread that nobody waits for. */
@NullMarked
package io.tidegate.core.log;

import org.jspecify.annotations.NullMarked;
