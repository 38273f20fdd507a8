/** Settings records from JSON and back; nothing else knows how JSON is read. */
@NullMarked
package io.tidegate.core.json;

import org.jspecify.annotations.NullMarked;
