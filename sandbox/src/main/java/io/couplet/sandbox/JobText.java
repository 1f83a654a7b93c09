package io.couplet.sandbox;

import java.util.Optional;

/** Refuses text that no interpreter could read, before a worker sees it. */
final class JobText {
  private JobText() {}

  /** The verdict on a job that cannot be judged at all; empty when it may go to a worker. */
  static Optional<Verdict> refuse(SandboxJob job, SandboxSettings settings) {
    Optional<String> program = flaw("The program", job.program(), settings.maxProgramBytes());
    if (program.isPresent()) {
      return Optional.of(new Verdict.Invalid(program.get(), true));
    }
    if (job.tests().isEmpty()) {
      return Optional.of(
          new Verdict.Invalid("There are no tests; a pass rate needs at least one", false));
    }
    long budget = settings.maxTestBytes();
    if (job.setup() != null) {
      Optional<String> setup = flaw("The setup", job.setup(), budget);
      if (setup.isPresent()) {
        return Optional.of(new Verdict.Invalid(setup.get(), false));
      }
      budget -= job.setup().length();
    }
    for (int i = 0; i < job.tests().size(); i++) {
      Optional<String> test = flaw("Test " + (i + 1), job.tests().get(i), budget);
      if (test.isPresent()) {
        return Optional.of(new Verdict.Invalid(test.get(), false));
      }
      budget -= job.tests().get(i).length();
    }
    return Optional.empty();
  }

  private static Optional<String> flaw(String what, String text, long maxBytes) {
    if (text.length() > maxBytes) {
      return Optional.of(tooLong(what, text.length(), maxBytes));
    }
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of(what + " holds a NUL character at position " + i);
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of(
            what + " holds an unpaired surrogate (U+" + hex(c) + ") at position " + i);
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    return bytes > maxBytes ? Optional.of(tooLong(what, bytes, maxBytes)) : Optional.empty();
  }

  private static String tooLong(String what, long bytes, long maxBytes) {
    return what + " is too long: " + bytes + " bytes, the limit leaves " + maxBytes;
  }

  private static String hex(char c) {
    return Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT);
  }
}
