package io.couplet.problems.families;

import java.util.List;

/** What a parameter of a generated function holds, and the names that it may have. */
public enum Kind {
  /** A whole number; a {@code Long} in Java. */
  NUMBER("a", "b", "c", "d", "h", "m", "n", "p", "q", "x", "y", "z"),
  /** A list of at least three whole numbers; a {@code List<Long>}. */
  NUMBERS("xs", "ys", "zs", "values", "data", "scores", "costs", "points", "nums", "ages"),
  /** A string of letters; a {@code String}. */
  TEXT("s", "t", "text", "word", "line", "title", "name", "label"),
  /** A list of at least three words; a {@code List<String>}. */
  WORDS("words", "names", "lines", "tags", "cities", "parts"),
  /** A dictionary from words to whole numbers; a {@code Map<String, Long>}. */
  TABLE("table", "prices", "stock", "marks", "limits", "sizes");

  private final List<String> names;

  Kind(String... names) {
    this.names = List.of(names);
  }

  /** Names of this kind only; no name belongs to two kinds. */
  public List<String> names() {
    return names;
  }
}
