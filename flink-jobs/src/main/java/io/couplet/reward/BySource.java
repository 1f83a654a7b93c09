package io.couplet.reward;

import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.Reward;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Parts the rewards of the built-in sources, and the dead letters, for their topics. */
final class BySource extends ProcessFunction<Either<Reward, DeadLetter>, Reward> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<Reward> FORMAT =
      new OutputTag<>("format-rewards", new AvroTypeInfo<>(Reward.class));
  static final OutputTag<DeadLetter> LETTERS =
      new OutputTag<>("unjudged", new AvroTypeInfo<>(DeadLetter.class));

  /** Rewards of the tests go straight on. */
  @Override
  public void processElement(
      Either<Reward, DeadLetter> judged, Context context, Collector<Reward> out) {
    if (judged.isRight()) {
      context.output(LETTERS, judged.right());
    } else if (judged.left().getSource().equals(CodeRewards.FORMAT)) {
      context.output(FORMAT, judged.left());
    } else {
      out.collect(judged.left());
    }
  }
}
