package io.couplet.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way, and the cores know no streaming framework. */
@AnalyzeClasses(packages = "io.couplet", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyDirectionTest {
  private static final String[] STREAMING = {"org.apache.flink..", "org.apache.kafka.."};

  private static final String[] JOBS = {
    "io.couplet.advantage..",
    "io.couplet.config..",
    "io.couplet.evaluation..",
    "io.couplet.learner..",
    "io.couplet.ledger..",
    "io.couplet.replay..",
    "io.couplet.reward..",
    "io.couplet.rollout..",
    "io.couplet.serde..",
    "io.couplet.store.."
  };

  private static final String[] MODEL_RUNTIME = {
    "io.couplet.checkpoint..",
    "io.couplet.decoding..",
    "io.couplet.files..",
    "io.couplet.grpo..",
    "io.couplet.learning..",
    "io.couplet.model..",
    "io.couplet.policy..",
    "io.couplet.pretraining..",
    "io.couplet.problems..",
    "io.couplet.random..",
    "io.couplet.safetensors..",
    "io.couplet.tokenizer..",
    "io.couplet.torch..",
    "io.couplet.worker.."
  };

  @ArchTest
  static final ArchRule theModelRuntimeKnowsNeitherFlinkNorKafkaNorTheSandbox =
      noClasses()
          .that()
          .resideInAnyPackage(MODEL_RUNTIME)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "io.couplet.sandbox..");

  @ArchTest
  static final ArchRule theSandboxKnowsNeitherFlinkNorKafka =
      noClasses()
          .that()
          .resideInAPackage("io.couplet.sandbox..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STREAMING);

  @ArchTest
  static final ArchRule nothingBelowKnowsTheJobs =
      noClasses()
          .that()
          .resideInAnyPackage(MODEL_RUNTIME)
          .or()
          .resideInAnyPackage("io.couplet.sandbox..", "io.couplet.schemas..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOBS);

  /** The state machines: what decides is free of the framework that carries it. */
  @ArchTest
  static final ArchRule decisionsAreFreeOfFlink =
      noClasses()
          .that()
          .haveNameMatching(
              "io\\.couplet\\.(advantage\\.(GroupAssembly|GroupClosing|HeldRewards|HoldingSources"
                  + "|RewardJudge)|learner\\.(Tape.*|Learner|Retention|LedgerRecords"
                  + "|LedgerPosition)|ledger\\.Ledger(Diff)?|replay\\.Replay.*)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule theLedgerKnowsNoLearnerAndTheLearnerNoReplay =
      noClasses()
          .that()
          .resideInAPackage("io.couplet.ledger..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.couplet.learner..", "io.couplet.replay..");

  @ArchTest
  static final ArchRule theLearnerKnowsNoReplay =
      noClasses()
          .that()
          .resideInAPackage("io.couplet.learner..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.couplet.replay..");
}
