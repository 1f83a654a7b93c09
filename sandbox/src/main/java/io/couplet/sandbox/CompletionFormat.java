package io.couplet.sandbox;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a model's completion: cuts it at the first stop token, takes the program out of the first
 * fenced block and rates the form.
 *
 * <p>Well formed means: free text without a fence, a fence that opens {@code ```LANGUAGE} and a
 * newline, the program, a closing fence, and nothing after it but at most one newline. One linear
 * scan, no regular expression, so that hostile text costs no more than its length.
 *
 * @param language tag of the opening fence, such as "python"
 * @param stopTokens the first of these ends the completion; the rest is ignored
 */
public record CompletionFormat(String language, List<String> stopTokens) {
  private static final String FENCE = "```";

  /** What the released recipes of Dream and DiffuCoder stop at. */
  public static final CompletionFormat PYTHON =
      new CompletionFormat("python", List.of("<|im_end|>", "<|endoftext|>", "<|dlm_pad|>"));

  public CompletionFormat {
    Objects.requireNonNull(language, "language");
    stopTokens = List.copyOf(stopTokens);
    if (stopTokens.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("A stop token must not be empty");
    }
  }

  /**
   * A completion taken apart.
   *
   * @param text the completion up to its stop token
   * @param program contents of the first fenced block, or null when there is none
   * @param wellFormed whether the whole text has the form; only then may the program be run
   */
  public record Completion(String text, String program, boolean wellFormed) {

    /** The program to run; empty when the form forbids running anything. */
    public Optional<String> runnable() {
      return wellFormed ? Optional.of(program) : Optional.empty();
    }

    /**
     * Format reward: 1 for a well-formed completion whose program parses, 0.5 for one that does
     * not, 0 for any other form.
     *
     * @param parses what the judge said, {@link Verdict#programParses()}
     */
    public double formatReward(boolean parses) {
      if (!wellFormed) {
        return 0;
      }
      return parses ? 1 : 0.5;
    }
  }

  /** Takes a completion apart; never fails. */
  public Completion read(String completion) {
    String text = cutAtStopToken(completion);
    int open = text.indexOf(FENCE);
    if (open < 0) {
      return new Completion(text, null, false);
    }
    int lineEnd = text.indexOf('\n', open);
    if (lineEnd < 0) {
      return new Completion(text, null, false);
    }
    boolean tagged = text.substring(open + FENCE.length(), lineEnd).equals(language);
    int start = lineEnd + 1;
    int close = text.indexOf(FENCE, start);
    if (close < 0) {
      return new Completion(text, text.substring(start), false);
    }
    String rest = text.substring(close + FENCE.length());
    boolean ends = rest.isEmpty() || rest.equals("\n");
    return new Completion(text, text.substring(start, close), tagged && ends);
  }

  /** The text before the earliest stop token. */
  public String cutAtStopToken(String completion) {
    int end = completion.length();
    for (String stop : stopTokens) {
      int at = completion.indexOf(stop);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return completion.substring(0, end);
  }
}
