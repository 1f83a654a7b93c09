package io.couplet.problems;

import java.util.List;

/**
 * A programming task with its tests.
 *
 * @param question task in words, rendered through a prompt template; null when prompt is set
 * @param system system message that a chat template uses for this problem, or null for its default
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
    String system,
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
    if (timeoutMs != null && timeoutMs < 1) {
      throw new IllegalArgumentException(
          "Problem " + id + " has a time limit of " + timeoutMs + " ms; it must be at least 1 ms");
    }
  }

  /**
   * What to run for a completion of this problem: prompt and completion, or the completion alone.
   */
  public String programOf(String completion) {
    return prompt == null ? completion : prompt + completion;
  }
}
