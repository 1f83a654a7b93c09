package io.couplet.local.run;

import io.couplet.config.RunConfig;
import io.couplet.local.topics.TopicWriter;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemSplit;
import io.couplet.rollout.ProblemRecords;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Puts a run's own problems on its topic. */
public final class ProblemFeed {
  private static final String FAMILIES = "families";
  private static final String NONE = "none";

  private ProblemFeed() {}

  /** Sends what {@code problems.source} names. Returns how many problems that were. */
  static int send(KafkaConnection kafka, RunTopics topics, RunConfig config)
      throws IOException, InterruptedException {
    List<Problem> problems = problems(config);
    send(kafka, topics, problems);
    return problems.size();
  }

  /** Sends problems; the same id twice is one problem to the run. */
  public static void send(KafkaConnection kafka, RunTopics topics, List<Problem> problems)
      throws IOException, InterruptedException {
    try (TopicWriter writer = new TopicWriter(kafka, topics)) {
      writer.send(Topic.PROBLEMS, problems.stream().map(ProblemRecords::toRecord).toList());
      writer.flush();
    }
  }

  /** What {@code problems.source} names. */
  public static List<Problem> problems(RunConfig config) throws IOException {
    String source = config.problems().source();
    return switch (source) {
      case NONE -> List.of();
      case FAMILIES ->
          new ProblemGenerator(ProblemSplit.TRAINING, config.seed())
              .distinct(config.problems().count());
      default -> ProblemJsonl.readAll(Path.of(source));
    };
  }
}
