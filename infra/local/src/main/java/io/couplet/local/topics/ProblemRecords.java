package io.couplet.local.topics;

import io.couplet.problems.Problem;

/** Problems as records of the problems topic. */
public final class ProblemRecords {
  private ProblemRecords() {}

  /** The record of a problem. The reference solution never enters a topic. */
  public static io.couplet.schemas.Problem of(Problem problem) {
    return io.couplet.schemas.Problem.newBuilder()
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
}
