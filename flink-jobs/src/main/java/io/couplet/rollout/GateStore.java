package io.couplet.rollout;

import io.couplet.rollout.state.GateCursor;
import io.couplet.rollout.state.ProblemPlace;
import io.couplet.schemas.Problem;
import java.util.Optional;

/** Everything the admission gate remembers: Flink state in the job, maps in tests. */
interface GateStore {
  /** A copy that the caller may change and {@link #save}; all zero at first. */
  GateCursor cursor();

  void save(GateCursor cursor);

  Optional<ProblemPlace> place(String problemId);

  /** The problem at a place that {@link #add} has filled. */
  Problem problem(long place);

  void add(ProblemPlace place, Problem problem);

  void replace(long place, Problem problem);
}
