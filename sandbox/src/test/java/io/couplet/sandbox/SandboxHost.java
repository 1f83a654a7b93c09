package io.couplet.sandbox;

import java.util.List;

/** A JVM of its own with a busy pool, to be killed from outside. */
final class SandboxHost {
  private SandboxHost() {}

  public static void main(String[] args) throws InterruptedException {
    SandboxPool pool =
        SandboxPool.open(
            SandboxSettings.defaults().withWorkers(2).withTier(IsolationTier.valueOf(args[0])));
    String program = "import time\ndef f():\n    time.sleep(1000)\n";
    for (int i = 0; i < 2; i++) {
      pool.submit(
          new SandboxJob(
              "job", program, List.of("assert f()"), null, null, 500_000, OnTimeout.CASE));
    }
    Thread.sleep(1500);
    System.out.println("busy");
    Thread.sleep(1_000_000);
  }
}
