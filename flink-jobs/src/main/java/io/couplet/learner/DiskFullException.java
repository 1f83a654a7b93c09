package io.couplet.learner;

import java.io.IOException;
import java.util.Locale;

/** There is no room for a policy or a trainer state; what was begun is not visible. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  private DiskFullException(String message, IOException cause) {
    super(message, cause);
  }

  /** The failure as it is, or as this exception where a full disk is what it says. */
  static IOException named(String what, String store, IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains("no space left on device") || text.contains("disk quota exceeded")) {
        return new DiskFullException(
            what
                + " could not be written, the disk is full ("
                + cause.getMessage()
                + "). Nothing of it is visible in "
                + store
                + ". Make room there and in the directory for temporary files, and start the run"
                + " again; it goes on from its last checkpoint.",
            failure);
      }
    }
    return failure;
  }
}
