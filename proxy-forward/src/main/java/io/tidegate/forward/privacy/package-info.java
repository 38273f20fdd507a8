/** What upstreams are told about clients. */
@NullMarked
package io.tidegate.forward.privacy;

import org.jspecify.annotations.NullMarked;
