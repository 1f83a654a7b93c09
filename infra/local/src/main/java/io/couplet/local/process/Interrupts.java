package io.couplet.local.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a request that the main thread honours in its own order. A second
 * Ctrl-C ends the process at once; children watch their parent and end with it.
 *
 * <p>A shutdown hook would not do: it runs beside the hooks of Flink and the logging, which take
 * away what an orderly stop still needs. The JDK's signal interface is outside its public API,
 * hence the reflection.
 */
public final class Interrupts {
  private static final int INTERRUPTED = 130;

  private final CountDownLatch requested = new CountDownLatch(1);

  /** Starts to listen. */
  public static Interrupts listen() {
    Interrupts interrupts = new Interrupts();
    interrupts.handle("INT");
    interrupts.handle("TERM");
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

  /** Waits for the request, at most so long. Returns whether it has come. */
  public boolean await(long milliseconds) throws InterruptedException {
    return requested.await(milliseconds, TimeUnit.MILLISECONDS);
  }
}
