/** The field rules of an intermediary (RFC 9110 §7.6, RFC 7239) and those a user composes. */
@NullMarked
package io.tidegate.core.header;

import org.jspecify.annotations.NullMarked;
