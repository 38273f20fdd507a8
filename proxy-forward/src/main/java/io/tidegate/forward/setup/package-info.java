/** What clients are told so that they find the proxy: proxy auto-configuration (PAC). */
@NullMarked
package io.tidegate.forward.setup;

import org.jspecify.annotations.NullMarked;
