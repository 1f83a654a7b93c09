package io.couplet.reward;

import io.couplet.config.PromptStyle;
import io.couplet.rollout.ProblemRecords;
import io.couplet.sandbox.CompletionFormat;
import io.couplet.schemas.Problem;
import java.util.Optional;

/**
 * Takes the program out of a completion. A completion of a prompt continues it and runs with it; an
 * answer to a question is a fenced block under the chat styles, and the program itself under the
 * raw style, unless it is fenced there, too.
 *
 * @param program what to run; empty when the form forbids running anything
 * @param fenced the completion taken apart; its form is what the format reward is about
 */
public record ProgramOfCompletion(Optional<String> program, CompletionFormat.Completion fenced) {
  private static final String FENCE = "```";

  public static ProgramOfCompletion of(Problem problem, String completion, PromptStyle style) {
    CompletionFormat.Completion fenced = CompletionFormat.PYTHON.read(completion);
    io.couplet.problems.Problem asked = ProblemRecords.toRuntime(problem);
    boolean plain =
        asked.prompt() != null || (style == PromptStyle.RAW && !completion.contains(FENCE));
    return new ProgramOfCompletion(
        plain ? Optional.of(asked.programOf(completion)) : fenced.runnable(), fenced);
  }
}
