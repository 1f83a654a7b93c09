package io.couplet.problems.families;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every family, in a fixed order. */
public final class Families {
  private static final List<Family> ALL =
      Stream.of(
              ArithmeticFamilies.all(),
              ComparisonFamilies.all(),
              ConditionalFamilies.all(),
              ListFamilies.all(),
              StringFamilies.all(),
              DictionaryFamilies.all(),
              LoopFamilies.all())
          .flatMap(List::stream)
          .toList();

  private Families() {}

  public static List<Family> all() {
    return ALL;
  }

  public static Optional<Family> named(String name) {
    return ALL.stream().filter(family -> family.name().equals(name)).findFirst();
  }
}
