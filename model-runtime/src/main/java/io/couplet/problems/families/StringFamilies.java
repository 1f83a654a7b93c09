package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.STRINGS;

import java.util.List;
import java.util.Locale;

/** Strings and lists of words. */
final class StringFamilies {
  private static final List<String> SEPARATORS = List.of("-", "+", "/", ":");

  private StringFamilies() {}

  static List<Family> all() {
    return List.of(
        training(STRINGS, "text_length", StringFamilies::length),
        training(STRINGS, "repeated_text", StringFamilies::repeated),
        training(STRINGS, "joined_texts", StringFamilies::joined),
        training(STRINGS, "first_or_last_letters", StringFamilies::firstOrLastLetters),
        training(STRINGS, "upper_or_lower_case", StringFamilies::upperOrLowerCase),
        heldOut(STRINGS, "first_letters_in_upper_case", StringFamilies::firstLettersInUpperCase),
        training(STRINGS, "letter_count", StringFamilies::letterCount),
        training(STRINGS, "starts_or_ends_with", StringFamilies::startsOrEndsWith),
        training(STRINGS, "replaced_letter", StringFamilies::replacedLetter),
        training(STRINGS, "reversed_text", StringFamilies::reversedText),
        training(STRINGS, "joined_words", StringFamilies::joinedWords),
        training(STRINGS, "word_lengths", StringFamilies::wordLengths),
        training(STRINGS, "words_by_length", StringFamilies::wordsByLength),
        training(STRINGS, "word_beginnings", StringFamilies::wordBeginnings),
        heldOut(STRINGS, "words_in_upper_case", StringFamilies::wordsInUpperCase));
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static String first(String text, long count) {
    return text.substring(0, (int) Math.min(count, text.length()));
  }

  private static Exercise length(Draw d) {
    String s = d.text();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words("length of " + s, n),
        in -> op.of(in.text(0).length(), n),
        "return " + op.python("len(" + s + ")", n));
  }

  private static Exercise repeated(Draw d) {
    String s = d.text();
    String t = d.text();
    long n = d.factor();
    return d.exercise(
        n + " copies of " + s + " followed by " + t,
        in -> in.text(0).repeat((int) n) + in.text(1),
        "return " + s + " * " + n + " + " + t);
  }

  private static Exercise joined(Draw d) {
    String s = d.text();
    String t = d.text();
    String between = d.one(SEPARATORS);
    return d.exercise(
        s + " and " + t + " with '" + between + "' between",
        in -> in.text(0) + between + in.text(1),
        "return " + s + " + '" + between + "' + " + t);
  }

  private static Exercise firstOrLastLetters(Draw d) {
    String s = d.text();
    boolean first = d.coin();
    long n = d.factor();
    return d.exercise(
        (first ? "first " : "last ") + n + " letters of " + s,
        in -> {
          String text = in.text(0);
          return first ? first(text, n) : text.substring((int) Math.max(0, text.length() - n));
        },
        "return " + s + (first ? "[:" + n + "]" : "[-" + n + ":]"));
  }

  private static Exercise upperOrLowerCase(Draw d) {
    String s = d.text();
    String t = d.text();
    boolean upper = d.coin();
    return d.exercise(
        s + (upper ? " in upper case" : " in lower case") + " followed by " + t,
        in -> (upper ? upper(in.text(0)) : in.text(0).toLowerCase(Locale.ROOT)) + in.text(1),
        "return " + s + (upper ? ".upper()" : ".lower()") + " + " + t);
  }

  private static Exercise firstLettersInUpperCase(Draw d) {
    String s = d.text();
    long n = d.factor();
    return d.exercise(
        "first " + n + " letters of " + s + " in upper case",
        in -> upper(first(in.text(0), n)),
        "return " + s + "[:" + n + "].upper()");
  }

  private static Exercise letterCount(Draw d) {
    String s = d.text();
    String letter = d.letter();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words("count of '" + letter + "' in " + s, n),
        in -> op.of(in.text(0).chars().filter(c -> c == letter.charAt(0)).count(), n),
        "return " + op.python(s + ".count('" + letter + "')", n));
  }

  private static Exercise startsOrEndsWith(Draw d) {
    String s = d.text();
    String letter = d.letter();
    boolean starts = d.coin();
    return d.exercise(
        "whether " + s + (starts ? " starts" : " ends") + " with '" + letter + "'",
        in -> {
          String text = in.text(0);
          return text.charAt(starts ? 0 : text.length() - 1) == letter.charAt(0);
        },
        "return " + s + (starts ? ".startswith('" : ".endswith('") + letter + "')");
  }

  private static Exercise replacedLetter(Draw d) {
    String s = d.text();
    String old = d.letter();
    String replacement = d.letter();
    return d.exercise(
        s + " with '" + old + "' replaced by '" + replacement + "'",
        in -> in.text(0).replace(old, replacement),
        "return " + s + ".replace('" + old + "', '" + replacement + "')");
  }

  private static Exercise reversedText(Draw d) {
    String s = d.text();
    String t = d.text();
    return d.exercise(
        s + " in reverse order followed by " + t,
        in -> new StringBuilder(in.text(0)).reverse() + in.text(1),
        "return " + s + "[::-1] + " + t);
  }

  private static Exercise joinedWords(Draw d) {
    String words = d.words();
    String s = d.text();
    String between = d.one(SEPARATORS);
    return d.exercise(
        "words of " + words + " with '" + between + "' between followed by " + s,
        in -> String.join(between, in.words(0)) + in.text(1),
        "return '" + between + "'.join(" + words + ") + " + s);
  }

  private static Exercise wordLengths(Draw d) {
    String words = d.words();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words("length of each word of " + words, n),
        in -> in.words(0).stream().map(word -> op.of(word.length(), n)).toList(),
        "return [" + op.python("len(w)", n) + " for w in " + words + "]");
  }

  private static Exercise wordsByLength(Draw d) {
    String words = d.words();
    long n = d.constant(2, 5);
    Condition that = d.coin() ? Condition.above(n) : Condition.below(n);
    return d.exercise(
        "words of " + words + " with length " + that.attribute(),
        in -> in.words(0).stream().filter(word -> that.holds(word.length())).toList(),
        "return [w for w in " + words + " if " + that.python("len(w)") + "]");
  }

  private static Exercise wordBeginnings(Draw d) {
    String words = d.words();
    long n = d.constant(2, 5);
    return d.exercise(
        "first " + n + " letters of each word of " + words,
        in -> in.words(0).stream().map(word -> first(word, n)).toList(),
        "return [w[:" + n + "] for w in " + words + "]");
  }

  private static Exercise wordsInUpperCase(Draw d) {
    String words = d.words();
    String s = d.text();
    boolean upper = d.coin();
    return d.exercise(
        "each word of "
            + words
            + (upper ? " in upper case" : " in lower case")
            + " followed by "
            + s,
        in ->
            in.words(0).stream()
                .map(word -> (upper ? upper(word) : word.toLowerCase(Locale.ROOT)) + in.text(1))
                .toList(),
        "return [w" + (upper ? ".upper()" : ".lower()") + " + " + s + " for w in " + words + "]");
  }
}
