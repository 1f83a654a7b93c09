package io.couplet.problems.families;

/** Addition, subtraction or multiplication: as a word, as Python and as arithmetic. */
enum Operation {
  PLUS("plus", "+") {
    @Override
    long of(long left, long right) {
      return left + right;
    }
  },
  MINUS("minus", "-") {
    @Override
    long of(long left, long right) {
      return left - right;
    }
  },
  TIMES("times", "*") {
    @Override
    long of(long left, long right) {
      return left * right;
    }
  };

  private final String word;
  private final String sign;

  Operation(String word, String sign) {
    this.word = word;
    this.sign = sign;
  }

  abstract long of(long left, long right);

  String words(Object left, Object right) {
    return left + " " + word + " " + right;
  }

  String python(Object left, Object right) {
    return left + " " + sign + " " + right;
  }

  /** The word for what comes out of it for many pairs. */
  String plural() {
    return switch (this) {
      case PLUS -> "sums";
      case MINUS -> "differences";
      case TIMES -> "products";
    };
  }
}
