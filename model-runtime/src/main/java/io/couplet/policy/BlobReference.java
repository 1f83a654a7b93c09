package io.couplet.policy;

/**
 * Where a single-file object is and what it must hash to.
 *
 * @param sha256 of its bytes, 64 lower-case hex digits
 * @param size in bytes; negative where it is not known, the hash alone counts then
 */
public record BlobReference(String uri, String sha256, long size) {}
