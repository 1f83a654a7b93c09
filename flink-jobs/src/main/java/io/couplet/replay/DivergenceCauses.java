package io.couplet.replay;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerDiff;
import io.couplet.schemas.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What can explain that a step differs, as far as it can be told. */
final class DivergenceCauses {
  /** The key of the environment that stands for what the configuration says. */
  private static final String SETTINGS = "settings";

  private final Ledger ledger;
  private final Map<String, String> here;

  /**
   * @param here environment of this process
   */
  DivergenceCauses(Ledger ledger, Map<String, String> here) {
    this.ledger = ledger;
    this.here = here;
  }

  /** Causes in sentences, never empty. */
  List<String> of(LedgerEntry recorded, String what, boolean isBase) {
    if (what.equals("groups")) {
      return List.of(
          "The tape's rules chose other groups: the tape is not the one the run read, or"
              + " admission, decoding.length or scoring in the configuration differ.");
    }
    List<String> causes = environment(recorded);
    if (!causes.isEmpty()) {
      return causes;
    }
    if (recorded.getStep() == 0) {
      return List.of("The initial policy is not the one the run started from.");
    }
    if (!isBase) {
      ledger
          .find(recorded.getStep() - 1)
          .map(before -> differences(before.getEnvironment(), recorded.getEnvironment()))
          .filter(changes -> !changes.isEmpty())
          .ifPresent(
              changes ->
                  causes.add(
                      "The run itself changed its environment at this step: " + changes + "."));
    }
    causes.add(
        isBase
            ? "The retained trainer state is not the one that belongs to this step."
            : "The environment is the same: a record of the tape or of the ledger, the learner's"
                + " configuration or the learner's code has changed since the run.");
    return causes;
  }

  /** How this environment differs from the one a step was computed in, in sentences. */
  List<String> environment(LedgerEntry recorded) {
    Map<String, String> there = recorded.getEnvironment();
    List<String> sentences = new ArrayList<>();
    if (there.containsKey(SETTINGS) && !there.get(SETTINGS).equals(here.get(SETTINGS))) {
      sentences.add("The learner's settings in the configuration are not those of the run.");
    }
    String others = differences(without(there), without(here));
    if (!others.isEmpty()) {
      sentences.add("Another environment (ledger and here): " + others + ".");
    }
    return sentences;
  }

  private static Map<String, String> without(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(SETTINGS))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String differences(Map<String, String> left, Map<String, String> right) {
    return String.join(", ", LedgerDiff.environmentDifferences(left, right));
  }
}
