/** What RFC 9111 asks of a shared cache, as functions of messages and time. No IO, no clock. */
@NullMarked
package io.tidegate.core.cache;

import org.jspecify.annotations.NullMarked;
