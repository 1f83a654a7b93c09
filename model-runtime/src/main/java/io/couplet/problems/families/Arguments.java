package io.couplet.problems.families;

import java.util.List;
import java.util.Map;

/** The arguments of one call, by position. */
public record Arguments(List<Object> values) {
  public Arguments {
    values = List.copyOf(values);
  }

  long number(int position) {
    return (Long) values.get(position);
  }

  @SuppressWarnings("unchecked")
  List<Long> numbers(int position) {
    return (List<Long>) values.get(position);
  }

  String text(int position) {
    return (String) values.get(position);
  }

  @SuppressWarnings("unchecked")
  List<String> words(int position) {
    return (List<String>) values.get(position);
  }

  @SuppressWarnings("unchecked")
  Map<String, Long> table(int position) {
    return (Map<String, Long>) values.get(position);
  }
}
