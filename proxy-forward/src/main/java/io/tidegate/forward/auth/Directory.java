package io.tidegate.forward.auth;

/**
 * Everybody who is known at one time.
 *
 * @param passwords who may use Basic
 * @param digests who may use Digest
 */
record Directory(Users passwords, DigestUsers digests) {}
