/**
 * How clients stay with the endpoint that they were first sent to. Pure: keys and what clients sent
 * are passed in.
 */
@NullMarked
package io.tidegate.reverse.affinity;

import org.jspecify.annotations.NullMarked;
