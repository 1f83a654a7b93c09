package io.couplet.problems.imports;

import io.couplet.problems.InvalidProblemException;
import java.util.regex.Pattern;

/** Names that become part of generated test code. */
final class PythonNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w{0,199}");

  private PythonNames() {}

  /** The name, when it is one; test code is made of it. */
  static String checked(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidProblemException(
          "has '" + name + "' at '" + key + "', where the name of a Python function is expected");
    }
    return name;
  }
}
