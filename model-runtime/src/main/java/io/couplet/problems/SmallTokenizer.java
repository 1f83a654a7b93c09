package io.couplet.problems;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the tokenizer of the small base policy in the Hugging Face format. Text is cut from left
 * to right into the longest tokens there are; ASCII text comes back exactly, and a character
 * outside of ASCII becomes the unknown token.
 */
public final class SmallTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SmallTokenizer() {}

  public static int vocabularySize() {
    return TokenInventory.all().size();
  }

  public static int padId() {
    return TokenInventory.SPECIAL.indexOf(TokenInventory.PAD);
  }

  /** The token behind the last token of a completion. */
  public static int endOfTextId() {
    return TokenInventory.SPECIAL.indexOf(TokenInventory.END_OF_TEXT);
  }

  /** The token behind a turn of a chat; it ends a completion too. */
  public static int turnEndId() {
    return TokenInventory.SPECIAL.indexOf(TokenInventory.TURN_END);
  }

  public static int maskId() {
    return TokenInventory.SPECIAL.indexOf(TokenInventory.MASK);
  }

  /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
  public static void write(Path policyDirectory) throws IOException {
    write(policyDirectory.resolve("tokenizer.json"), tokenizer());
    write(policyDirectory.resolve("tokenizer_config.json"), names());
  }

  private static void write(Path file, ObjectNode content) throws IOException {
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
  }

  private static ObjectNode tokenizer() {
    ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
    tokenizer.putNull("truncation").putNull("padding");
    ArrayNode added = tokenizer.putArray("added_tokens");
    for (int id = 0; id < TokenInventory.SPECIAL.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", TokenInventory.SPECIAL.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    tokenizer.putNull("normalizer");
    ObjectNode split = tokenizer.putObject("pre_tokenizer").put("type", "Split");
    split.putObject("pattern").put("Regex", longestFirst());
    split.put("behavior", "Isolated").put("invert", false);
    tokenizer.putNull("post_processor");
    tokenizer.putObject("decoder").put("type", "Fuse");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    List<String> tokens = TokenInventory.all();
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    model.put("unk_token", TokenInventory.UNKNOWN);
    return tokenizer;
  }

  /** Every token of several characters, then any single character. */
  private static String longestFirst() {
    return TokenInventory.all().stream()
        .skip(TokenInventory.SPECIAL.size())
        .filter(token -> token.length() > 1)
        .sorted(Comparator.comparingInt(String::length).reversed())
        .map(SmallTokenizer::escaped)
        .collect(Collectors.joining("|", "", "|[\\s\\S]"));
  }

  private static final Pattern SYNTAX = Pattern.compile("[\\\\.\\[\\]{}()*+?^$|/-]");

  private static String escaped(String token) {
    return SYNTAX.matcher(token).replaceAll("\\\\$0").replace("\n", "\\n");
  }

  private static ObjectNode names() {
    return JSON.createObjectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("clean_up_tokenization_spaces", false)
        .put("pad_token", TokenInventory.PAD)
        .put("eos_token", TokenInventory.END_OF_TEXT)
        .put("mask_token", TokenInventory.MASK)
        .put("unk_token", TokenInventory.UNKNOWN);
  }
}
