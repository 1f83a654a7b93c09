package io.couplet.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.torch.DreamModule;
import io.couplet.torch.PaddedRows;
import java.util.List;

/**
 * The leading arguments of every engine method that computes token scores, in device memory: ids,
 * seen, cos, sin, query, target, term, share.
 *
 * @param tokens T, scores that the method computes
 */
public record ScoringArrays(NDList arguments, int tokens) {

  /**
   * Lays out the passes that score these completions.
   *
   * @param owner frees the arrays
   */
  public static ScoringArrays of(
      DreamModule module,
      NDManager owner,
      List<CompletedPrompt> samples,
      long runSeed,
      int innerIteration,
      ScoringSettings settings) {
    ScoringBatch batch =
        ScoringBatch.of(samples, runSeed, innerIteration, settings, module.config().maskTokenId());
    PaddedRows rows = module.pad(owner, batch.rows());
    NDList rotary = module.rotary(rows.length());
    NDArray share = owner.create(batch.share(), new Shape(batch.tokens(), batch.termsPerToken()));
    return new ScoringArrays(
        new NDList(
            rows.ids(),
            rows.seen(),
            rotary.get(0),
            rotary.get(1),
            owner.create(batch.logitsRows(rows)),
            owner.create(batch.targets()),
            owner.create(batch.term()),
            share),
        batch.tokens());
  }
}
