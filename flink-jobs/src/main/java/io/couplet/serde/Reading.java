package io.couplet.serde;

import io.couplet.schemas.DeadLetter;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Parts good records from dead letters, and counts both. */
final class Reading<T extends SpecificRecordBase, R> extends ProcessFunction<Decoded<T>, R> {
  private static final long serialVersionUID = 1L;

  private final RecordReader<T, R> reader;
  private final OutputTag<DeadLetter> letters;
  private transient Counter refused;

  Reading(RecordReader<T, R> reader, OutputTag<DeadLetter> letters) {
    this.reader = reader;
    this.letters = letters;
  }

  @Override
  public void open(OpenContext context) {
    refused =
        getRuntimeContext()
            .getMetricGroup()
            .addGroup("couplet")
            .addGroup("deadLetters")
            .counter("refused");
  }

  @Override
  public void processElement(Decoded<T> decoded, Context context, Collector<R> out) {
    if (decoded instanceof Decoded.Value<T> record) {
      out.collect(reader.read(record));
    } else if (decoded instanceof Decoded.Tombstone<T> tombstone) {
      Optional<R> removal = reader.removal(tombstone);
      if (removal.isPresent()) {
        out.collect(removal.get());
      } else {
        refuse(tombstone.letter(), context);
      }
    } else if (decoded instanceof Decoded.Poison<T> poison) {
      refuse(poison.letter(), context);
    }
  }

  private void refuse(DeadLetter letter, Context context) {
    refused.inc();
    context.output(letters, letter);
  }
}
