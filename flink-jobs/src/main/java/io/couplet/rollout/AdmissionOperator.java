package io.couplet.rollout;

import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import io.couplet.timers.SteadyProcessingTime;
import java.io.Serializable;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/** {@link AdmissionFunction} with timers that a jump of the machine's clock does not touch. */
class AdmissionOperator extends KeyedCoProcessOperator<String, Problem, Policy, AdmittedGroup> {
  private static final long serialVersionUID = 1L;

  private final SteadyMillis steadyMillis;

  /** A clock that never jumps. */
  interface SteadyMillis extends LongSupplier, Serializable {}

  AdmissionOperator(AdmissionFunction function) {
    this(function, () -> System.nanoTime() / 1_000_000);
  }

  AdmissionOperator(AdmissionFunction function, SteadyMillis steadyMillis) {
    super(function);
    this.steadyMillis = steadyMillis;
  }

  @Override
  protected void setProcessingTimeService(ProcessingTimeService machine) {
    super.setProcessingTimeService(new SteadyProcessingTime(machine, steadyMillis));
  }
}
