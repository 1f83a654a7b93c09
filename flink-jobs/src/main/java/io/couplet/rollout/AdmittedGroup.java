package io.couplet.rollout;

import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;

/**
 * A group to generate, between the operators of the rollout job. A Java record of Flink's own
 * serialization, so that it evolves with savepoints.
 *
 * @param group problem id @ epoch
 * @param sequence admission number, from 0
 * @param epoch how often the problem had been admitted before
 * @param policyVersion version to generate with
 * @param policyUri where the worker finds it
 * @param policySha256 what it must hash to
 * @param announcedMs wall clock of the announcement, for the latency of its first use
 */
public record AdmittedGroup(
    String group,
    long sequence,
    int epoch,
    Problem problem,
    long policyVersion,
    String policyUri,
    String policySha256,
    long announcedMs) {

  static AdmittedGroup of(AdmissionGate.Admission admission, Policy policy) {
    return new AdmittedGroup(
        admission.group(),
        admission.sequence(),
        admission.epoch(),
        admission.problem(),
        policy.getVersion(),
        policy.getUri(),
        policy.getSha256(),
        policy.getCreatedMs());
  }

  /** The same group, to be generated with that policy if it is a newer one. */
  AdmittedGroup atLeast(Policy policy) {
    if (policy.getVersion() <= policyVersion) {
      return this;
    }
    return new AdmittedGroup(
        group,
        sequence,
        epoch,
        problem,
        policy.getVersion(),
        policy.getUri(),
        policy.getSha256(),
        policy.getCreatedMs());
  }
}
