package io.couplet.rollout;

import io.couplet.rollout.state.GateCursor;
import io.couplet.rollout.state.ProblemPlace;
import io.couplet.schemas.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The gate's memory in maps; {@link #snapshot} is what a checkpoint would keep. */
final class MapGateStore implements GateStore {
  private GateCursor cursor = GateCursor.newBuilder().build();
  private final Map<String, ProblemPlace> places = new HashMap<>();
  private final Map<Long, Problem> problems = new HashMap<>();

  MapGateStore snapshot() {
    MapGateStore copy = new MapGateStore();
    copy.cursor = cursor();
    copy.places.putAll(places);
    copy.problems.putAll(problems);
    return copy;
  }

  @Override
  public GateCursor cursor() {
    return GateCursor.newBuilder(cursor).build();
  }

  @Override
  public void save(GateCursor saved) {
    cursor = GateCursor.newBuilder(saved).build();
  }

  @Override
  public Optional<ProblemPlace> place(String problemId) {
    return Optional.ofNullable(places.get(problemId));
  }

  @Override
  public Problem problem(long place) {
    return problems.get(place);
  }

  @Override
  public void add(ProblemPlace place, Problem problem) {
    places.put(problem.getId(), place);
    problems.put(place.getPlace(), problem);
  }

  @Override
  public void replace(long place, Problem problem) {
    problems.put(place, problem);
  }
}
