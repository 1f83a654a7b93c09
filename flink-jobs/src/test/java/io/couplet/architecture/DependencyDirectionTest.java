package io.couplet.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and the cores know no streaming framework. */
class DependencyDirectionTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.couplet");

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
    "io.couplet.store..",
    "io.couplet.submission..",
    "io.couplet.timers.."
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

  @Test
  void theModelRuntimeKnowsNeitherFlinkNorKafkaNorTheSandbox() {
    noClasses()
        .that()
        .resideInAnyPackage(MODEL_RUNTIME)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "io.couplet.sandbox..")
        .check(CLASSES);
  }

  @Test
  void theSandboxKnowsNeitherFlinkNorKafka() {
    noClasses()
        .that()
        .resideInAPackage("io.couplet.sandbox..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(STREAMING)
        .check(CLASSES);
  }

  @Test
  void nothingBelowKnowsTheJobs() {
    noClasses()
        .that()
        .resideInAnyPackage(MODEL_RUNTIME)
        .or()
        .resideInAnyPackage("io.couplet.sandbox..", "io.couplet.schemas..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JOBS)
        .check(CLASSES);
  }

  /** The state machines: what decides is free of the framework that carries it. */
  @Test
  void decisionsAreFreeOfFlink() {
    noClasses()
        .that()
        .haveNameMatching(
            "io\\.couplet\\.(advantage\\.(GroupAssembly|GroupClosing|HeldRewards|HoldingSources"
                + "|RewardJudge)|learner\\.(Tape.*|Learner|Retention|LedgerRecords"
                + "|LedgerPosition)|ledger\\.Ledger(Diff)?|replay\\.(Replay(Session|Start|Report)?"
                + "|StepCheck|DivergenceCauses|LiveTime))")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.flink..")
        .check(CLASSES);
  }

  @Test
  void theLedgerKnowsNeitherLearnerNorReplay() {
    noClasses()
        .that()
        .resideInAPackage("io.couplet.ledger..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.couplet.learner..", "io.couplet.replay..")
        .check(CLASSES);
  }

  @Test
  void theLearnerKnowsNoReplay() {
    noClasses()
        .that()
        .resideInAPackage("io.couplet.learner..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.couplet.replay..")
        .check(CLASSES);
  }
}
