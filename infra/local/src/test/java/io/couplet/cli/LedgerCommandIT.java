package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.cli.RecordedRuns.Damage;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.schemas.LedgerEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code couplet ledger} prints of runs that were really computed. */
class LedgerCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path temporary;
  private static RecordedRuns runs;
  private static RunDirectory whole;

  @BeforeAll
  static void record() throws Exception {
    runs = new RecordedRuns(temporary);
    whole = runs.record("whole");
  }

  @AfterAll
  static void close() throws Exception {
    runs.close();
  }

  @Test
  void theTableHasALineForEachUpdateWithWhatItsRecordSays() throws Exception {
    List<String> table = Executed.command("ledger", "--name", "whole").out().lines().toList();
    assertThat(table.get(0).trim().split(" +"))
        .containsExactly(
            "step",
            "version",
            "outcome",
            "groups",
            "dropped",
            "reward",
            "loss",
            "gradient",
            "weights");
    List<LedgerEntry> entries = runs.ledger(whole);
    assertThat(table).hasSize(1 + entries.size());
    for (LedgerEntry entry : entries) {
      String[] cells = table.get(1 + Math.toIntExact(entry.getStep())).trim().split(" +");
      assertThat(cells)
          .containsExactly(
              Long.toString(entry.getStep()),
              Long.toString(entry.getVersionOut()),
              entry.getOutcome().toString(),
              Integer.toString(entry.getGroups().size()),
              Integer.toString(entry.getDrops().size()),
              String.format(Locale.ROOT, "%.3f", entry.getRewardMean()),
              String.format(Locale.ROOT, "%.4f", entry.getLoss()),
              String.format(Locale.ROOT, "%.3f", entry.getGradientNorm()),
              entry.getWeightsSha256().substring(0, 12));
    }
    assertThat(table.get(2)).contains("UPDATED");
  }

  @Test
  void filtersOfTheLedgerCombineAndWhatDoesNotExistIsRefused() throws Exception {
    assertThat(steps("--group", "flat3")).containsExactly(4L);
    assertThat(steps("--dropped", "ZERO")).containsExactly(2L, 4L, 6L);
    assertThat(steps("--dropped", "ZERO", "--from", "3", "--to", "5")).containsExactly(4L);
    assertThat(steps("--dropped", "STALE")).isEmpty();
    assertThat(steps("--outcome", "UPDATED", "--to", "2")).containsExactly(1L, 2L);
    assertThat(steps("--group", "a0", "--from", "2")).isEmpty();
    Executed unknown = Executed.command("ledger", "--name", "whole", "--step", "7");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("has no step 7; it holds steps 0 to 6.").hasLineCount(1);
    assertThat(Executed.command("ledger", "--name", "whole", "--outcome", "nothing").code())
        .isEqualTo(2);
  }

  private static List<Long> steps(String... filters) throws Exception {
    List<String> command = new ArrayList<>(List.of("ledger", "--name", "whole", "--json"));
    command.addAll(List.of(filters));
    Executed result = Executed.command(command.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    List<Long> steps = new ArrayList<>();
    for (String line : result.out().lines().toList()) {
      steps.add(JSON.readTree(line).path("step").asLong());
    }
    return steps;
  }

  @Test
  void oneUpdateIsShownInFullInWordsAndForPrograms() throws Exception {
    LedgerEntry entry = runs.ledger(whole).get(2);
    JsonNode json = Executed.json("ledger", "--name", "whole", "--step", "2", "--json");
    assertThat(json.path("weights_sha256").asText()).isEqualTo(entry.getWeightsSha256());
    assertThat(json.path("loss").asDouble()).isEqualTo(entry.getLoss());
    assertThat(json.path("groups").findValuesAsText("group")).containsExactly("a1", "b1");
    assertThat(json.path("groups").findValuesAsText("offset")).containsExactly("3", "4");
    assertThat(json.path("drops")).hasSize(1);
    assertThat(json.path("drops").get(0).path("reason").asText()).isEqualTo("ZERO_VARIANCE");
    assertThat(json.path("environment").path("threads").asText()).isEqualTo("1");
    assertThat(json.size()).isEqualTo(LedgerEntry.getClassSchema().getFields().size());

    Map<String, String> words = new HashMap<>();
    Executed.command("ledger", "--name", "whole", "--step", "2")
        .out()
        .lines()
        .forEach(line -> words.put(line.split(" ")[0], line.replaceFirst("^\\S+ +", "")));
    assertThat(words)
        .hasSize(json.size())
        .containsEntry("groups", "a1 b1")
        .containsEntry("drops", "flat1 (ZERO_VARIANCE)")
        .containsEntry("weights_sha256", entry.getWeightsSha256())
        .containsEntry("last_offset", "4");
  }

  @Test
  void aComparisonOfTwoRunsSaysWhereTheyPartAndWhy() throws Exception {
    runs.record("twin");
    assertThat(Executed.command("ledger", "--diff", "whole", "twin").out())
        .startsWith("The weights of the 7 steps that 'whole' and 'twin' both have are the same.");

    runs.record(
        "faster", Damage.NONE, List.of("learner.learning_rate=0.05", "learner.warmup_steps=0"));
    Executed words = Executed.command("ledger", "--diff", "whole", "faster", "--to", "3");
    assertThat(words.code()).as(words.err()).isZero();
    assertThat(words.out())
        .startsWith("'whole' and 'faster' are the same up to step 0 and part at step 1")
        .contains("(whole@1 and faster@1): learning rates ")
        .contains("learner.learning_rate ", " and 0.05")
        .contains("means over the 3 steps after that: reward_mean ");
    assertThat(words.out().lines().filter(line -> line.matches(" +\\d+ (same|differ).*")))
        .hasSize(4);

    JsonNode json = Executed.json("ledger", "--diff", "whole", "faster", "--from", "1", "--json");
    assertThat(json.path("common_steps").asLong()).isEqualTo(1);
    assertThat(json.path("parting_step").asLong()).isEqualTo(1);
    assertThat(json.path("reasons").get(0).asText()).startsWith("learning rates ");
    assertThat(json.path("steps")).hasSize(6);
    List<LedgerEntry> faster = runs.ledger(RunDirectory.of("faster"));
    JsonNode right = json.path("steps").get(5).path("right");
    assertThat(right.path("weights_sha256").asText()).isEqualTo(faster.get(6).getWeightsSha256());
    assertThat(right.path("metrics").path("loss").asDouble()).isEqualTo(faster.get(6).getLoss());
    assertThat(json.path("steps").get(5).path("same_weights").asBoolean()).isFalse();
  }
}
