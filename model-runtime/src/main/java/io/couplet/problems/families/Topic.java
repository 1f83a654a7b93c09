package io.couplet.problems.families;

import java.util.Locale;

/** What a family is mainly about. */
public enum Topic {
  ARITHMETIC,
  COMPARISONS,
  CONDITIONALS,
  LISTS,
  STRINGS,
  DICTIONARIES,
  LOOPS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
