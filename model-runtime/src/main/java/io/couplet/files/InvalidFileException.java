package io.couplet.files;

import java.nio.file.Path;

/**
 * The content of a file is not what its format or its reader asks for. The message is a sentence
 * that names the file and the key or tensor, what was expected and what was found.
 */
public final class InvalidFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidFileException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public InvalidFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
