package io.couplet.worker;

import io.couplet.policy.PolicyReference;

/** Brings a policy into memory. Called by one thread at a time. */
@FunctionalInterface
public interface PolicyLoader {
  /**
   * @throws PolicyUnavailableException if it cannot be read or does not hash to what the reference
   *     says
   */
  LoadedPolicy load(PolicyReference reference) throws PolicyUnavailableException;
}
