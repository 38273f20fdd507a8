/** Who may ask for what: rules about requests, and the ports and addresses they may go to. */
@NullMarked
package io.tidegate.forward.access;

import org.jspecify.annotations.NullMarked;
