package io.couplet.policy;

/**
 * Where a policy is and what it must hash to.
 *
 * @param version number in its run, 0 for the initial policy
 * @param uri policy directory in the policy store, or a local path
 * @param sha256 content address of the directory, 64 lower-case hex digits
 */
public record PolicyReference(long version, String uri, String sha256) {}
