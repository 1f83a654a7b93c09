package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that has been executed in this process. */
record Executed(int code, String out, String err) {
  static Executed command(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Couplet.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments);
    return new Executed(code, out.toString(), err.toString());
  }

  /** What a command that succeeds prints with {@code --json}. */
  static JsonNode json(String... arguments) throws IOException {
    Executed executed = command(arguments);
    assertThat(executed.code()).as(executed.err()).isZero();
    return new ObjectMapper().readTree(executed.out());
  }
}
