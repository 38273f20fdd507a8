package io.tidegate.forward.auth;

/**
 * Everybody who is known at one time.
 *
 * @param passwords who may use Basic
 * @param digests who may use Digest
 * @param fingerprint a keyed hash of all that it was made of: of equal ones the same
 */
record Directory(Users passwords, DigestUsers digests, String fingerprint) {}
