package io.couplet.rollout;

import io.couplet.config.ProblemsSection;
import io.couplet.problems.PromptTemplate;
import io.couplet.schemas.Problem;
import java.util.Optional;

/** Problems as records of the problems topic, and as the model runtime knows them. */
public final class ProblemRecords {
  private static final int MAX_ID_CHARACTERS = 512;

  private ProblemRecords() {}

  /** Why a record is no problem that could be trained on, as a sentence; empty when it is one. */
  public static Optional<String> refusal(Problem problem) {
    String id = problem.getId();
    if (id.isBlank() || id.length() > MAX_ID_CHARACTERS) {
      return Optional.of(
          "A problem needs an id of 1 to "
              + MAX_ID_CHARACTERS
              + " characters, found one of "
              + id.length());
    }
    boolean asked = hasText(problem.getQuestion());
    boolean prompted = hasText(problem.getPrompt());
    if (asked == prompted) {
      return Optional.of(
          "Problem " + id + " needs a question or a prompt, found " + (asked ? "both" : "neither"));
    }
    if (problem.getTests().isEmpty()) {
      return Optional.of("Problem " + id + " has no tests, so no completion of it can be judged");
    }
    if (problem.getTimeoutMs() != null && problem.getTimeoutMs() < 1) {
      return Optional.of(
          "Problem " + id + " needs a timeout of at least 1 ms, found " + problem.getTimeoutMs());
    }
    return Optional.empty();
  }

  private static boolean hasText(String text) {
    return text != null && !text.isBlank();
  }

  /** The problem as the model runtime knows it; its reference solution never is in a topic. */
  public static io.couplet.problems.Problem toRuntime(Problem problem) {
    return new io.couplet.problems.Problem(
        problem.getId(),
        hasText(problem.getQuestion()) ? problem.getQuestion() : null,
        problem.getSystem(),
        hasText(problem.getPrompt()) ? problem.getPrompt() : null,
        problem.getTests(),
        problem.getEntryPoint(),
        problem.getSetup(),
        null,
        problem.getTimeoutMs(),
        problem.getTags());
  }

  /** The problem as its topic holds it, without the reference solution. */
  public static Problem toRecord(io.couplet.problems.Problem problem) {
    return Problem.newBuilder()
        .setId(problem.id())
        .setQuestion(problem.question())
        .setSystem(problem.system())
        .setPrompt(problem.prompt())
        .setTests(problem.tests())
        .setEntryPoint(problem.entryPoint())
        .setSetup(problem.setup())
        .setTimeoutMs(problem.timeoutMs())
        .setTags(problem.tags())
        .build();
  }

  /** The text that the model continues, by the run's prompt style. */
  public static String prompt(Problem problem, ProblemsSection settings) {
    PromptTemplate template =
        switch (settings.promptStyle()) {
          case RAW -> PromptTemplate.RAW;
          case CHAT -> PromptTemplate.CHAT;
          case CHAT_WITH_TEST -> PromptTemplate.RELEASED;
        };
    Problem asked =
        problem.getSystem() != null
            ? problem
            : Problem.newBuilder(problem).setSystem(settings.system()).build();
    return template.render(toRuntime(asked));
  }
}
