package io.couplet.problems;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a problem becomes the text before the completion (algorithms, section 7). A problem with a
 * prompt is continued as it stands under every template; templates differ in what they make of a
 * question.
 */
public enum PromptTemplate {
  /** The question and a line break, nothing else. */
  RAW {
    @Override
    String ofQuestion(Problem problem) {
      return problem.question() + "\n";
    }
  },

  /** Chat template of Qwen2.5 with one user turn, open for the assistant's answer. */
  CHAT {
    @Override
    String ofQuestion(Problem problem) {
      return chat(problem, problem.question());
    }
  },

  /**
   * {@link #CHAT}, with the first test after the question unless that already holds a fenced stub:
   * the recipe of DiffuCoder's released training code.
   */
  RELEASED {
    @Override
    String ofQuestion(Problem problem) {
      boolean showTest = !problem.question().contains(FENCE) && !problem.tests().isEmpty();
      return chat(
          problem,
          showTest
              ? problem.question() + "\nTest cases: " + problem.tests().get(0)
              : problem.question());
    }
  };

  private static final String FENCE = "```";
  private static final String DEFAULT_SYSTEM = "You are a helpful assistant.";

  abstract String ofQuestion(Problem problem);

  /** The text that a model continues for this problem. */
  public String render(Problem problem) {
    return problem.prompt() != null ? problem.prompt() : ofQuestion(problem);
  }

  /** The template of that name, in any case. */
  public static PromptTemplate named(String name) {
    for (PromptTemplate template : values()) {
      if (template.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return template;
      }
    }
    throw new IllegalArgumentException(
        "Prompt template '"
            + name
            + "' is unknown; choose one of "
            + Arrays.stream(values()).map(Enum::toString).collect(Collectors.joining(", ")));
  }

  private static String chat(Problem problem, String content) {
    String system = problem.system() == null ? DEFAULT_SYSTEM : problem.system();
    return turn("system", system) + turn("user", content) + "<|im_start|>assistant\n";
  }

  private static String turn(String role, String content) {
    return "<|im_start|>" + role + "\n" + content + "<|im_end|>\n";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
