package io.couplet.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.model.ModelConfig;

/**
 * Rotary position tables: row t holds cos and sin of t * theta^(-2i / h) for i = 0..h/2-1, twice.
 * Grown to the longest sequence met. Thread-safe.
 */
final class RotaryTables {
  private static final int FIRST_LENGTH = 64;

  private final NDManager manager;
  private final int headSize;
  private final double theta;
  private NDList tables;
  private int length;

  RotaryTables(ModelConfig config, NDManager manager) {
    this.manager = manager;
    headSize = config.headSize();
    theta = config.ropeTheta();
  }

  synchronized NDList tables(int wanted) {
    if (wanted > length) {
      // The former tables stay open: another thread may be using them, and sizes double.
      length = Math.max(FIRST_LENGTH, Integer.highestOneBit(wanted * 2 - 1));
      tables = compute();
    }
    return tables;
  }

  private NDList compute() {
    float[] cos = new float[length * headSize];
    float[] sin = new float[length * headSize];
    int half = headSize / 2;
    for (int i = 0; i < half; i++) {
      double frequency = Math.pow(theta, -2.0 * i / headSize);
      for (int t = 0; t < length; t++) {
        int at = t * headSize + i;
        cos[at] = cos[at + half] = (float) Math.cos(t * frequency);
        sin[at] = sin[at + half] = (float) Math.sin(t * frequency);
      }
    }
    Shape shape = new Shape(length, headSize);
    return new NDList(manager.create(cos, shape), manager.create(sin, shape));
  }
}
