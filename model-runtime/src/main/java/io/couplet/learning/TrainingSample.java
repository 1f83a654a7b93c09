package io.couplet.learning;

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
    float advantage) {}
