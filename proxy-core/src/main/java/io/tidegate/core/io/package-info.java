/**
 * What both sides share on an IO thread: its loop, timers and buffers, and HTTP/1.1 messages on
 * XNIO conduits.
 */
@NullMarked
package io.tidegate.core.io;

import org.jspecify.annotations.NullMarked;
