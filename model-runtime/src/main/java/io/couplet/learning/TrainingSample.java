package io.couplet.learning;

import java.util.Arrays;

/**
 * One member of a group as the learner sees it.
 *
 * @param group group id; with member and inner iteration it names the masks
 * @param promptIds prompt tokens, not padded
 * @param completionIds [L] completion tokens, the tail after the stop token filled with the pad id
 * @param behaviourScores [mu][L] token scores of the policy that made the sample
 */
public record TrainingSample(
    String group,
    int member,
    int[] promptIds,
    int[] completionIds,
    float[][] behaviourScores,
    float advantage) {

  /** Whether an update learns the same from both. */
  boolean sameAs(TrainingSample other) {
    return group.equals(other.group)
        && member == other.member
        && Arrays.equals(promptIds, other.promptIds)
        && Arrays.equals(completionIds, other.completionIds)
        && Arrays.deepEquals(behaviourScores, other.behaviourScores)
        && Float.compare(advantage, other.advantage) == 0;
  }
}
