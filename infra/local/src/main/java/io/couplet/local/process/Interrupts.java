package io.couplet.local.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Turns Ctrl-C, SIGTERM and the loss of the terminal into a request that the main thread honours in
 * its own order. A second Ctrl-C ends the process at once; children watch their parent and end with
 * it.
 *
 * <p>A shutdown hook would not do: it runs beside the hooks of Flink and the logging, which take
 * away what an orderly stop still needs. The JDK's signal interface is outside its public API,
 * hence the reflection.
 */
public final class Interrupts {
  private static final int INTERRUPTED = 130;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final AtomicReference<Thread> abandoning = new AtomicReference<>();

  /** Starts to listen. */
  public static Interrupts listen() {
    Interrupts interrupts = new Interrupts();
    interrupts.handle("INT");
    interrupts.handle("TERM");
    interrupts.handle("HUP");
    return interrupts;
  }

  private void handle(String signal) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      InvocationHandler onSignal =
          (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
              return method.getName().equals("equals") ? proxy == arguments[0] : 0;
            }
            if (requested.getCount() == 0) {
              Runtime.getRuntime().halt(INTERRUPTED);
            }
            requested.countDown();
            Thread waiting = abandoning.get();
            if (waiting != null) {
              waiting.interrupt();
            }
            return null;
          };
      Object handler =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, onSignal);
      signalType
          .getMethod("handle", signalType, handlerType)
          .invoke(null, signalType.getConstructor(String.class).newInstance(signal), handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This JVM does not let a program handle SIG" + signal, e);
    }
  }

  /** Whether a person or the system asked to stop. */
  public boolean requested() {
    return requested.getCount() == 0;
  }

  /**
   * Does work that a request to stop interrupts in the middle.
   *
   * @throws InterruptedException when the request came before or during the work
   */
  public <T> T abandonable(Callable<T> work) throws Exception {
    abandoning.set(Thread.currentThread());
    try {
      if (requested()) {
        throw new InterruptedException("Stopped before it began");
      }
      return work.call();
    } catch (InterruptException e) {
      throw abandoned(e);
    } finally {
      abandoning.set(null);
      Thread.interrupted();
    }
  }

  private static InterruptedException abandoned(Exception cause) {
    InterruptedException stopped = new InterruptedException("Stopped while a Kafka client waited");
    stopped.initCause(cause);
    return stopped;
  }
}
