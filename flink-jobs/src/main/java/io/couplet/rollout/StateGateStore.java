package io.couplet.rollout;

import io.couplet.rollout.state.GateCursor;
import io.couplet.rollout.state.ProblemPlace;
import io.couplet.schemas.Problem;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** The gate's memory in keyed Flink state; the problems never are in memory all at once. */
final class StateGateStore implements GateStore {
  private final ValueState<GateCursor> cursor;
  private final MapState<String, ProblemPlace> places;
  private final MapState<Long, Problem> problems;

  StateGateStore(RuntimeContext context) {
    cursor =
        context.getState(
            new ValueStateDescriptor<>("cursor", new AvroTypeInfo<>(GateCursor.class)));
    places =
        context.getMapState(
            new MapStateDescriptor<>(
                "places", Types.STRING, new AvroTypeInfo<>(ProblemPlace.class)));
    problems =
        context.getMapState(
            new MapStateDescriptor<>("problems", Types.LONG, new AvroTypeInfo<>(Problem.class)));
  }

  @Override
  public GateCursor cursor() {
    GateCursor saved = state(cursor::value);
    return saved == null ? GateCursor.newBuilder().build() : saved;
  }

  @Override
  public void save(GateCursor value) {
    state(
        () -> {
          cursor.update(value);
          return null;
        });
  }

  @Override
  public Optional<ProblemPlace> place(String problemId) {
    return Optional.ofNullable(state(() -> places.get(problemId)));
  }

  @Override
  public Problem problem(long place) {
    return state(() -> problems.get(place));
  }

  @Override
  public void add(ProblemPlace place, Problem problem) {
    state(
        () -> {
          places.put(problem.getId(), place);
          problems.put(place.getPlace(), problem);
          return null;
        });
  }

  @Override
  public void replace(long place, Problem problem) {
    state(
        () -> {
          problems.put(place, problem);
          return null;
        });
  }

  private interface StateAccess<R> {
    R run() throws Exception;
  }

  /** Flink declares every exception; what it throws is a broken state backend. */
  private static <R> R state(StateAccess<R> access) {
    try {
      return access.run();
    } catch (java.io.IOException e) {
      throw new UncheckedIOException("The gate's state cannot be used", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("The gate's state cannot be used", e);
    }
  }
}
