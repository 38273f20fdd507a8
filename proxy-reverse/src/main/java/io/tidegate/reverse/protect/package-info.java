/**
 * What keeps harm from endpoints and browsers: address lists, limits, filters, CORS, security
 * fields. Limits have state; time is passed in.
 */
@NullMarked
package io.tidegate.reverse.protect;

import org.jspecify.annotations.NullMarked;
