package io.couplet.evaluation;

import io.couplet.config.ConfigException;
import io.couplet.config.EvaluationSection;
import io.couplet.problems.InvalidProblemException;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemSplit;
import io.couplet.rollout.ProblemRecords;
import io.couplet.schemas.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The problems that a run is evaluated on: the same for every version. */
public final class HeldOutProblems {
  /** Source of problems that the generator makes and training never shows. */
  private static final String FAMILIES = "families";

  /** Not the run's seed: runs with different seeds are measured on the same problems. */
  private static final long SEED = 0;

  private HeldOutProblems() {}

  /**
   * The first problems of the configured source.
   *
   * @throws ConfigException the file is absent or is no problem file
   */
  public static List<Problem> of(EvaluationSection evaluation) {
    if (evaluation.source().equals(FAMILIES)) {
      return new ProblemGenerator(ProblemSplit.HELD_OUT_INSTANCES, SEED)
          .distinct(evaluation.problems()).stream().map(ProblemRecords::toRecord).toList();
    }
    try {
      return ProblemJsonl.readAll(Path.of(evaluation.source())).stream()
          .limit(evaluation.problems())
          .map(ProblemRecords::toRecord)
          .toList();
    } catch (IOException | InvalidProblemException e) {
      throw new ConfigException(
          "evaluation.source must be 'families' or a JSONL file of problems: " + e.getMessage(), e);
    }
  }
}
