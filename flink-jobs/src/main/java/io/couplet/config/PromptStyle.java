package io.couplet.config;

/**
 * How a problem's question becomes the text the model sees; a problem with a prompt is used as it
 * stands.
 */
public enum PromptStyle {
  RAW,
  CHAT,
  CHAT_WITH_TEST
}
