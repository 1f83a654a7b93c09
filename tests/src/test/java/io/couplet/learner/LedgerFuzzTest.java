package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import io.couplet.fuzz.GoldenExamples;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerException;
import io.couplet.ledger.LedgerFilter;
import io.couplet.ledger.LedgerSummary;
import io.couplet.local.inspect.LedgerReport;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Topic;
import io.couplet.schemas.UndecodableRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Ledgers with a damaged record, by any version of its schema: it is no record, or whatever it says
 * is read, shown, filtered and summed up, or refused with a sentence.
 */
class LedgerFuzzTest {
  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final long MOST_BYTES_PER_INPUT = 4 << 20;

  @Test
  void everyDamagedRecordIsReadOrRefused() throws Exception {
    RecordCodec<LedgerEntry> codec =
        new RecordCodec<>(Topic.LEDGER, GoldenExamples.schemas(Topic.LEDGER));
    byte[] example = GoldenExamples.inUse(Topic.LEDGER);
    List<LedgerEntry> steps = new ArrayList<>();
    for (long step = 0; step <= 2; step++) {
      steps.add(LedgerEntry.newBuilder(codec.decode(example)).setStep(step).build());
    }
    List<byte[]> examples = new ArrayList<>(GoldenExamples.all(Topic.LEDGER));
    examples.add(codec.encode(steps.get(1)));
    Fuzzing.run(
        Fuzzing.inputs(10_000),
        new Damage("ledger", examples, SINGLE_OBJECT_HEADER),
        MOST_BYTES_PER_INPUT,
        input -> {
          Ledger ledger;
          try {
            ledger = Ledger.of(List.of(steps.get(0), codec.decode(input), steps.get(2)));
          } catch (UndecodableRecordException | LedgerException e) {
            throw new Refusal(e);
          }
          List<LedgerEntry> all =
              new LedgerFilter(
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty())
                  .of(ledger);
          assertThat(LedgerReport.table(all)).hasSize(1 + all.size());
          all.forEach(entry -> assertThat(LedgerReport.inFull(entry)).isNotEmpty());
          LedgerSummary.of(all);
          try {
            LedgerPosition.after(ledger, 2, 10);
          } catch (LedgerException e) {
            throw new Refusal(e);
          }
        });
  }
}
