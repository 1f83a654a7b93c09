package io.couplet.problems;

import java.util.List;

/**
 * A programming task with its tests.
 *
 * @param question task in words, rendered through a prompt template; null when prompt is set
 * @param prompt text that the model continues; null when question is set
 * @param tests Python test statements, one case each
 * @param entryPoint name under test, or null
 * @param setup Python that the judge runs before the tests, or null
 * @param solution reference completion, or null; never shown to a model
 * @param timeoutMs per case; null takes the run's default
 */
public record Problem(
    String id,
    String question,
    String prompt,
    List<String> tests,
    String entryPoint,
    String setup,
    String solution,
    Integer timeoutMs,
    List<String> tags) {
  public Problem {
    tests = List.copyOf(tests);
    tags = List.copyOf(tags);
    if (id == null || id.isBlank()) {
      throw new IllegalArgumentException("A problem needs an id");
    }
    if ((question == null) == (prompt == null)) {
      throw new IllegalArgumentException(
          "Problem " + id + " must have exactly one of question and prompt");
    }
  }

  /**
   * What to run for a completion of this problem: prompt and completion, or the completion alone.
   */
  public String programOf(String completion) {
    return prompt == null ? completion : prompt + completion;
  }
}
