package io.couplet.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.evaluation.VersionOutcome.Evaluated;
import io.couplet.evaluation.VersionOutcome.PolicyGone;
import io.couplet.policy.PolicyReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EvaluationQueueTest {
  private static final int PROBLEMS = 100;
  private static final int WORKERS = 2;

  /** Requests under way, by version and problem, to be answered by hand. */
  private final Map<String, CompletableFuture<ProblemTally>> asked = new LinkedHashMap<>();

  private final Map<String, Integer> workers = new LinkedHashMap<>();

  private final EvaluationQueue queue =
      new EvaluationQueue(
          policy ->
              VersionEvaluation.start(
                  PROBLEMS,
                  WORKERS,
                  (problem, worker) -> ask(policy.version() + "/" + problem, worker),
                  Runnable::run));

  private CompletableFuture<ProblemTally> ask(String request, int worker) {
    CompletableFuture<ProblemTally> answer = new CompletableFuture<>();
    asked.put(request, answer);
    workers.put(request, worker);
    return answer;
  }

  private static PolicyReference version(long version) {
    return new PolicyReference(version, "policy-" + version, "0".repeat(64));
  }

  private void answer(String request) {
    asked.remove(request).complete(new ProblemTally(request, 1, 1, List.of()));
  }

  private void answerAll() {
    while (!asked.isEmpty()) {
      answer(asked.keySet().iterator().next());
    }
  }

  @Test
  void aFewProblemsAreUnderWayForEachWorker() {
    queue.submit(version(0));

    assertThat(asked).hasSize(VersionEvaluation.LANES * WORKERS);
    assertThat(workers.values().stream().filter(worker -> worker == 0))
        .hasSize(VersionEvaluation.LANES);
  }

  @Test
  void theNextProblemGoesToTheWorkerThatAnswered() {
    queue.submit(version(0));
    answer("0/3");

    assertThat(asked).hasSize(VersionEvaluation.LANES * WORKERS).doesNotContainKey("0/3");
    assertThat(workers.get("0/" + VersionEvaluation.LANES * WORKERS)).isEqualTo(workers.get("0/3"));
  }

  @Test
  void talliesComeInTheOrderOfTheProblemsWhateverTheOrderOfAnswers() {
    CompletableFuture<VersionOutcome> outcome = queue.submit(version(0));
    while (!asked.isEmpty()) {
      List<String> open = new ArrayList<>(asked.keySet());
      answer(open.get(open.size() - 1));
    }

    assertThat(outcome)
        .isCompletedWithValueMatching(
            value -> {
              List<ProblemTally> tallies = ((Evaluated) value).tallies();
              return tallies.size() == PROBLEMS
                  && tallies.get(0).problemId().equals("0/0")
                  && tallies.get(PROBLEMS - 1).problemId().equals("0/" + (PROBLEMS - 1));
            });
  }

  @Test
  void aVersionHurriesOnceAnotherWaitsAndTheOtherComesNext() {
    CompletableFuture<VersionOutcome> first = queue.submit(version(30));
    CompletableFuture<VersionOutcome> second = queue.submit(version(60));

    assertThat(asked)
        .hasSize(VersionEvaluation.LANES_IN_A_HURRY * WORKERS)
        .allSatisfy((request, answer) -> assertThat(request).startsWith("30/"));
    while (!first.isDone()) {
      answer(asked.keySet().iterator().next());
    }
    assertThat(second).isNotDone();
    assertThat(asked)
        .hasSize(VersionEvaluation.LANES * WORKERS)
        .allSatisfy((request, answer) -> assertThat(request).startsWith("60/"));
    answerAll();
    assertThat(second).isCompletedWithValueMatching(Evaluated.class::isInstance);
  }

  @Test
  void aPolicyThatIsGoneEndsItsEvaluationAtOnceAndTheNextBegins() {
    CompletableFuture<VersionOutcome> first = queue.submit(version(30));
    CompletableFuture<VersionOutcome> second = queue.submit(version(60));
    asked.get("30/5").completeExceptionally(new PolicyGoneException("version 30 is absent"));

    assertThat(first).isCompletedWithValue(new PolicyGone("version 30 is absent"));
    int underWay = asked.size();
    answer("30/0");
    assertThat(asked).as("nothing more is asked of version 30").hasSize(underWay - 1);
    answerAll();
    assertThat(second).isCompletedWithValueMatching(Evaluated.class::isInstance);
  }

  @Test
  void aDefectFailsItsVersionAndTheNextBegins() {
    CompletableFuture<VersionOutcome> first = queue.submit(version(30));
    CompletableFuture<VersionOutcome> second = queue.submit(version(60));
    asked.remove("30/5").completeExceptionally(new IllegalStateException("a defect"));

    assertThatThrownBy(first::join).hasRootCauseMessage("a defect");
    answerAll();
    assertThat(second).isCompletedWithValueMatching(Evaluated.class::isInstance);
  }

  @Test
  void manyVersionsAreEvaluatedInTheOrderOfTheirArrival() {
    List<Long> done = new ArrayList<>();
    for (long version = 0; version < 50; version++) {
      long number = version;
      queue.submit(version(version)).thenRun(() -> done.add(number));
    }
    answerAll();

    assertThat(done).hasSize(50).isSorted();
  }
}
