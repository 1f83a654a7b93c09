package io.couplet.tokenizer;

import io.couplet.files.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token that is matched in the text before anything else.
 *
 * @param special left out of decoded text on request
 * @param flags the matching options of the file, as they are
 */
record AddedToken(int id, String content, boolean special, Map<String, Boolean> flags) {
  private static final String[] FLAGS = {"single_word", "lstrip", "rstrip", "normalized"};

  /** Reads an entry whose id stands elsewhere; refuses unknown keys and empty content. */
  static AddedToken read(int id, JsonObject json) {
    json.allowOnly("id", "content", "special", "single_word", "lstrip", "rstrip", "normalized");
    Map<String, Boolean> flags = new LinkedHashMap<>();
    for (String flag : FLAGS) {
      flags.put(flag, json.flag(flag, false));
    }
    if (json.text("content").isEmpty()) {
      throw json.wrong("content", "at least one character");
    }
    return new AddedToken(id, json.text("content"), json.flag("special", false), flags);
  }

  /** A special token with the usual options, as {@code added_tokens.json} means it. */
  static AddedToken special(int id, String content) {
    Map<String, Boolean> flags = new LinkedHashMap<>();
    for (String flag : FLAGS) {
      flags.put(flag, false);
    }
    return new AddedToken(id, content, true, flags);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("content", content);
    json.putAll(flags);
    json.put("special", special);
    return json;
  }
}
