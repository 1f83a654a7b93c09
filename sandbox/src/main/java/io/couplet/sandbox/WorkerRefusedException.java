package io.couplet.sandbox;

import java.io.IOException;

/** A worker found that its isolation tier does not hold on this machine. */
final class WorkerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  WorkerRefusedException(String reason) {
    super(reason);
  }
}
