package io.couplet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  /** The keys and values of DiffuCoder-7B. */
  private static final String DIFFUCODER =
      """
      {
        "architectures": ["DreamModel"],
        "attention_dropout": 0.0,
        "auto_map": {"AutoConfig": "configuration_dream.DreamConfig", "AutoModel": "modeling_dream.DreamModel"},
        "bos_token_id": 151643,
        "eos_token_id": 151643,
        "hidden_act": "silu",
        "hidden_size": 3584,
        "initializer_range": 0.02,
        "intermediate_size": 18944,
        "mask_token_id": 151666,
        "max_position_embeddings": 131072,
        "max_window_layers": 28,
        "model_type": "Dream",
        "num_attention_heads": 28,
        "num_hidden_layers": 28,
        "num_key_value_heads": 4,
        "pad_token_id": 151643,
        "rms_norm_eps": 1e-06,
        "rope_scaling": null,
        "rope_theta": 1000000.0,
        "sliding_window": null,
        "tie_word_embeddings": false,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.46.2",
        "use_cache": true,
        "use_mrope": false,
        "use_sliding_window": false,
        "vocab_size": 152064
      }
      """;

  @TempDir Path directory;

  @Test
  void readsDiffuCoder() throws IOException {
    assertThat(read(DIFFUCODER))
        .isEqualTo(
            new ModelConfig(
                "Dream",
                152064,
                3584,
                18944,
                28,
                28,
                4,
                131072,
                1e6,
                1e-6,
                false,
                true,
                151666,
                151643,
                151643,
                151643,
                "bfloat16"));
  }

  @Test
  void writesWhatItReadsAndKeepsOtherKeys() throws IOException {
    ModelConfig config = read(DIFFUCODER);
    Path base = directory.resolve("config.json");
    Path written = directory.resolve("written.json");
    config.writeOver(JsonFile.read(base).asMap(), written);
    assertThat(ModelConfig.read(written)).isEqualTo(config);
    assertThat(JsonFile.read(written).asMap())
        .containsAllEntriesOf(JsonFile.read(base).asMap())
        .containsEntry("right_shift", true);

    config.write(written);
    assertThat(ModelConfig.read(written)).isEqualTo(config);
  }

  @Test
  void aModelWithoutRightShiftSaysSo() throws IOException {
    String text = DIFFUCODER.replace("\"use_cache\": true", "\"right_shift\": false");
    assertThat(read(text).rightShift()).isFalse();
  }

  @Test
  void newerFilesCallTheElementTypeDtypeAndListStopTokens() throws IOException {
    ModelConfig config =
        read(
            DIFFUCODER
                .replace("torch_dtype", "dtype")
                .replace("\"eos_token_id\": 151643", "\"eos_token_id\": [151645, 151643]"));
    assertThat(config.torchDtype()).isEqualTo("bfloat16");
    assertThat(config.eosTokenId()).isEqualTo(151645);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type",
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "max_position_embeddings",
        "rope_theta",
        "rms_norm_eps",
        "mask_token_id",
        "eos_token_id"
      })
  void aMissingKeyIsNamed(String key) {
    assertThatThrownBy(() -> read(DIFFUCODER.replace("\"" + key + "\"", "\"other\"")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("config.json: ")
        .hasMessageContaining("the required key " + key + " is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"model_type\": \"Dream\" ; \"model_type\": \"llama\" ; model_type is 'llama', an unknown architecture",
        "\"hidden_size\": 3584 ; \"hidden_size\": 3590 ; hidden_size must be an even multiple of num_attention_heads",
        "\"hidden_size\": 3584 ; \"hidden_size\": \"3584\" ; hidden_size must be an integer below 2^31, found '3584'",
        "\"hidden_size\": 3584 ; \"hidden_size\": 4294967296 ; hidden_size must be an integer below 2^31, found 4294967296",
        "\"num_key_value_heads\": 4 ; \"num_key_value_heads\": 5 ; num_key_value_heads must divide num_attention_heads",
        "\"num_hidden_layers\": 28 ; \"num_hidden_layers\": 0 ; num_hidden_layers must be at least 1, not 0",
        "\"mask_token_id\": 151666 ; \"mask_token_id\": 152064 ; mask_token_id must be between 0 and vocab_size - 1 = 152063",
        "\"hidden_act\": \"silu\" ; \"hidden_act\": \"gelu\" ; hidden_act must be 'silu', found 'gelu'",
        "\"rope_scaling\": null ; \"rope_scaling\": {\"type\": \"yarn\"} ; rope_scaling must be null",
        "\"use_mrope\": false ; \"use_mrope\": true ; use_mrope must be false, found true",
        "\"rope_theta\": 1000000.0 ; \"rope_theta\": -1 ; rope_theta must be positive",
        "\"bfloat16\" ; \"int8\" ; torch_dtype must be float32, bfloat16 or float16, not int8",
        "\"tie_word_embeddings\": false ; \"tie_word_embeddings\": 0 ; tie_word_embeddings must be true or false",
        "\"vocab_size\": 152064 ; \"vocab_size\": 152064, \"vocab_size\": 1 ; Duplicate field 'vocab_size'",
      })
  void aBadValueIsNamedWithWhatWasExpected(String found, String changed, String sentence) {
    assertThat(DIFFUCODER).contains(found);
    assertThatThrownBy(() -> read(DIFFUCODER.replace(found, changed)))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("config.json: ")
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "null",
        "{} {}",
        "\u0000",
        "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void whatIsNoJsonObjectIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("config.json: ");
  }

  @Test
  void anAbsentFileIsNamed() {
    assertThatThrownBy(() -> ModelConfig.read(directory.resolve("absent.json")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("absent.json: expected a JSON file, but there is no such file");
  }

  private ModelConfig read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), text);
    return ModelConfig.read(file);
  }

  @Test
  void writingOverNothingNamesTheArchitecture() throws IOException {
    read(DIFFUCODER).writeOver(Map.of("x", 1), directory.resolve("w.json"));
    assertThat(Files.readString(directory.resolve("w.json")))
        .contains("\"DreamModel\"")
        .contains("\"x\" : 1")
        .endsWith("}\n");
  }
}
