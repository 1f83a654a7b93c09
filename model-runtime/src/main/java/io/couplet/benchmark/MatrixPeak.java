package io.couplet.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.torch.TorchEngine;

/** The best rate at which this machine multiplies large square float32 matrices. */
final class MatrixPeak {
  private static final int SIZE = 768;
  private static final int ROUNDS = 20;

  private MatrixPeak() {}

  /** 10^9 operations per second, two per multiplication and addition; the best of some rounds. */
  static double gigaflops() {
    TorchEngine.get();
    double best = 0;
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      NDArray a = manager.ones(new Shape(SIZE, SIZE));
      NDArray b = manager.ones(new Shape(SIZE, SIZE));
      for (int round = 0; round < ROUNDS; round++) {
        try (NDManager call = manager.newSubManager()) {
          long start = System.nanoTime();
          NDArray product = a.matMul(b);
          product.attach(call);
          double seconds = (System.nanoTime() - start) / 1e9;
          best = Math.max(best, 2.0 * SIZE * SIZE * SIZE / seconds / 1e9);
        }
      }
    }
    return best;
  }
}
