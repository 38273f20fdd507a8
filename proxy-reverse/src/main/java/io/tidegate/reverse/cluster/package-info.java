/**
 * Clusters and their endpoints: what is known about each, and which ones an exchange tries. Shared
 * by all IO threads.
 */
@NullMarked
package io.tidegate.reverse.cluster;

import org.jspecify.annotations.NullMarked;
