package io.couplet.problems;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One line of a JSONL file: an object, or the reason why it is none. */
public sealed interface JsonLine {
  /** From 1. */
  long number();

  record Parsed(long number, ObjectNode object) implements JsonLine {}

  /**
   * @param reason a clause that follows "line 7 ..."
   */
  record Malformed(long number, String reason) implements JsonLine {}
}
