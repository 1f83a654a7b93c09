package io.couplet.learner;

import java.util.List;

/**
 * The sequences that a policy can be computed on; the same for every version of a run.
 *
 * @param vocabulary token ids are in 0 .. vocabulary - 1
 * @param positions longest sequence in tokens, prompt and completion together
 */
public record SequenceLimits(int vocabulary, int positions) {
  /** Why a policy cannot be computed on such a sequence, or null. */
  String defect(List<Integer> prompt, List<Integer> completion) {
    long length = (long) prompt.size() + completion.size();
    if (length > positions) {
      return length + " tokens where the policy has " + positions + " positions";
    }
    String of = " that is not of the policy's vocabulary of " + vocabulary;
    for (List<Integer> part : List.of(prompt, completion)) {
      for (int id : part) {
        if (id < 0 || id >= vocabulary) {
          return "token " + id + of;
        }
      }
    }
    return null;
  }
}
