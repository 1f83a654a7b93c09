package io.couplet.advantage;

import java.io.Serializable;

/** Rewards of a group's members to their advantages, in the same order. */
@FunctionalInterface
public interface AdvantageFormula extends Serializable {
  float[] advantages(double[] rewards);
}
