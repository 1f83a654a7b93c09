package io.couplet.local.machine;

import java.util.Objects;

/**
 * What was found on this machine for one thing that Couplet needs or can use.
 *
 * @param name the thing, for example {@code "python3"}
 * @param verdict whether Couplet works with it
 * @param found what is there, in words
 * @param advice what to do about it; empty when nothing is to be done
 */
public record MachineCheck(String name, Verdict verdict, String found, String advice) {
  /** How a check came out. */
  public enum Verdict {
    /** There and good. */
    OK,
    /** Couplet works, but slower or with less isolation. */
    LIMITED,
    /** Something Couplet does not work without. */
    MISSING
  }

  public MachineCheck {
    Objects.requireNonNull(name);
    Objects.requireNonNull(verdict);
    Objects.requireNonNull(found);
    Objects.requireNonNull(advice);
  }

  static MachineCheck ok(String name, String found) {
    return new MachineCheck(name, Verdict.OK, found, "");
  }

  static MachineCheck limited(String name, String found, String advice) {
    return new MachineCheck(name, Verdict.LIMITED, found, advice);
  }

  static MachineCheck missing(String name, String found, String advice) {
    return new MachineCheck(name, Verdict.MISSING, found, advice);
  }
}
