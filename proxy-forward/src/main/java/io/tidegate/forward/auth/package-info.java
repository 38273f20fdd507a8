/** Who clients are: passwords, digests, tokens, certificates, and what is done against guessing. */
@NullMarked
package io.tidegate.forward.auth;

import org.jspecify.annotations.NullMarked;
