/**
 * The admin listener: an HTTP API in JSON about one proxy, and a page for browsers that uses it. It
 * knows no direction: what there is to tell and to do comes as {@link
 * io.tidegate.core.admin.AdminResource}s.
 */
@NullMarked
package io.tidegate.core.admin;

import org.jspecify.annotations.NullMarked;
