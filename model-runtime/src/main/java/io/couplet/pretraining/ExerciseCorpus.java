package io.couplet.pretraining;

import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import io.couplet.problems.families.Exercise;
import io.couplet.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * The generated training problems with their reference solutions: prompt, then solution, stop token
 * and padding up to the completion length.
 */
public final class ExerciseCorpus implements ExampleSource {
  private final ProblemGenerator generator;
  private final Tokenizer tokenizer;
  private final int completionLength;
  private final int stopTokenId;
  private final int padTokenId;

  public ExerciseCorpus(
      long seed, Tokenizer tokenizer, int completionLength, int stopTokenId, int padTokenId) {
    generator = new ProblemGenerator(ProblemSplit.TRAINING, seed);
    this.tokenizer = tokenizer;
    this.completionLength = completionLength;
    this.stopTokenId = stopTokenId;
    this.padTokenId = padTokenId;
  }

  @Override
  public PretrainingExample example(long number) {
    Exercise exercise = generator.exercise(number).exercise();
    int[] solution = tokenizer.encode(exercise.body());
    if (solution.length >= completionLength) {
      throw new IllegalStateException(
          "A solution of %d tokens and its stop token do not fit into %d: %s"
              .formatted(solution.length, completionLength, exercise.body()));
    }
    int[] completion = Arrays.copyOf(solution, completionLength);
    completion[solution.length] = stopTokenId;
    Arrays.fill(completion, solution.length + 1, completionLength, padTokenId);
    return new PretrainingExample(tokenizer.encode(exercise.prompt()), completion);
  }
}
