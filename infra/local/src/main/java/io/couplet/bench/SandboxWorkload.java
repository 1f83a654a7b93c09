package io.couplet.bench;

import java.util.ArrayList;
import java.util.List;

/** A correct program and its assertions, the same for every approach that is measured. */
record SandboxWorkload(String name, String program, List<String> tests) {
  private static final String TRIVIAL = "def add(a, b):\n    return a + b\n";

  private static final String IMPORT_HEAVY =
      """
      import re, math, random, json, datetime, decimal, statistics, dataclasses
      from collections import Counter, defaultdict, deque
      from itertools import permutations
      from functools import lru_cache
      from heapq import heappush, heappop
      from typing import Dict, List, Optional


      def words(text: str) -> Dict[str, int]:
          return dict(Counter(re.findall("[a-z]+", text.lower())))
      """;

  static SandboxWorkload trivial(int asserts) {
    List<String> tests = new ArrayList<>();
    for (int i = 0; i < asserts; i++) {
      tests.add("assert add(" + i + ", " + (i + 1) + ") == " + (2 * i + 1));
    }
    return new SandboxWorkload("trivial", TRIVIAL, tests);
  }

  static SandboxWorkload importHeavy(int asserts) {
    List<String> tests = new ArrayList<>();
    for (int i = 0; i < asserts; i++) {
      String repeated = "Yes ".repeat(i + 1) + "no";
      tests.add("assert words('" + repeated + "') == {'yes': " + (i + 1) + ", 'no': 1}");
    }
    return new SandboxWorkload("import-heavy", IMPORT_HEAVY, tests);
  }
}
