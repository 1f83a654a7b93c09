package io.couplet.rollout;

import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import java.util.List;

/** Problems and policies for the tests of the rollout job. */
final class Problems {
  private Problems() {}

  static Problem problem(String id) {
    return problem(id, "Add one to the argument.");
  }

  static Problem problem(String id, String question) {
    return Problem.newBuilder()
        .setId(id)
        .setQuestion(question)
        .setTests(List.of("assert add(1) == 2"))
        .build();
  }

  static Policy policy(long version, long consumed) {
    return policy(version, consumed, 0);
  }

  static Policy policy(long version, long consumed, long fence) {
    return Policy.newBuilder()
        .setRun("run")
        .setVersion(version)
        .setStep(version)
        .setUri("file:///policies/" + version)
        .setSha256("%064x".formatted(version))
        .setSizeBytes(1L)
        .setConsumedGroups(consumed)
        .setFence(fence)
        .setCreatedMs(0L)
        .build();
  }
}
