/** The command-line launcher and examples of one idea each. */
@NullMarked
package io.tidegate.examples;

import org.jspecify.annotations.NullMarked;
