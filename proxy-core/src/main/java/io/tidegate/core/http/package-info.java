/** The words of RFC 9110 and RFC 9112 as values: fields, heads, request targets, framing. No IO. */
@NullMarked
package io.tidegate.core.http;

import org.jspecify.annotations.NullMarked;
