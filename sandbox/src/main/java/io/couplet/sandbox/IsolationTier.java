package io.couplet.sandbox;

/** How untrusted programs are confined; the stronger tier first. */
public enum IsolationTier {
  NAMESPACES(
      "namespaces",
      "own user, process, mount, network, IPC and host name spaces (bubblewrap), Landlock, seccomp,"
          + " resource limits"),
  LANDLOCK("landlock", "Landlock, seccomp, resource limits; no namespaces");

  private final String wireName;
  private final String description;

  IsolationTier(String wireName, String description) {
    this.wireName = wireName;
    this.description = description;
  }

  /** Name in the worker protocol and in settings. */
  public String wireName() {
    return wireName;
  }

  /** What holds, in words. */
  public String description() {
    return description;
  }
}
