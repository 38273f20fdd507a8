/** What a proxy counts, as numbers at one moment: plain data for those who watch it. */
@NullMarked
package io.tidegate.core.figures;

import org.jspecify.annotations.NullMarked;
