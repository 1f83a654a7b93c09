package io.couplet.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One plain paragraph on stderr for every failure; the stack trace only with {@code --verbose}. */
final class PlainErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    err.println("couplet: " + message);
    if (((Couplet) line.getCommandSpec().root().userObject()).isVerbose()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode(failure);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(
        "couplet: "
            + failure.getMessage()
            + " (see "
            + line.getCommandSpec().qualifiedName()
            + " --help)");
    err.flush();
    return BAD_INPUT;
  }

  /** Interface contract: 1 failed, 2 bad input, 130 interrupted. */
  static int exitCode(Throwable failure) {
    if (failure instanceof ParameterException
        || failure instanceof BadInputException
        || failure instanceof IllegalArgumentException) {
      return BAD_INPUT;
    }
    return failure instanceof InterruptedException ? INTERRUPTED : FAILED;
  }
}
