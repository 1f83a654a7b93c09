package io.couplet.local.process;

import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps a child process from outliving its parent: the parent holds the other end of standard
 * input, and the operating system closes it when the parent dies, however it dies.
 */
public final class ParentWatch {
  private ParentWatch() {}

  /** Runs {@code stop} once standard input ends, then ends this JVM. */
  public static void endWithParent(Runnable stop) {
    Thread watch = new Thread(() -> await(System.in, stop), "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void await(InputStream parent, Runnable stop) {
    try {
      while (parent.read() >= 0) {
        // Nothing is ever sent; only the end counts.
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
    try {
      stop.run();
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
