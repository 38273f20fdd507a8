/**
 * What every module's wire tests are written with: a scripted origin, a raw client, certificates;
 * and the suites that both directions pass.
 *
 * <p>Blocking sockets and plain strings; nothing here uses the proxy's parsers, only the suites
 * know the proxy at all, and nothing waits longer than ten seconds.
 */
@NullMarked
package io.tidegate.core.testkit;

import org.jspecify.annotations.NullMarked;
