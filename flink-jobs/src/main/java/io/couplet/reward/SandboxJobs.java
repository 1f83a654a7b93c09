package io.couplet.reward;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.config.SandboxSection;
import io.couplet.sandbox.IsolationTier;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxJob;
import io.couplet.sandbox.SandboxSettings;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Rollout;
import java.util.Arrays;

/** What the sandbox is asked to do, from the configuration and a problem. */
public final class SandboxJobs {
  private final RunConfig config;

  public SandboxJobs(RunConfig config) {
    this.config = config;
  }

  public SandboxSettings poolSettings() {
    SandboxSection section = config.sandbox();
    SandboxSettings defaults = SandboxSettings.defaults();
    SandboxSettings settings =
        new SandboxSettings(
            section.workers(),
            section.queue(),
            defaults.tiers(),
            defaults.interpreter(),
            defaults.memoryMb(),
            defaults.threads(),
            defaults.maxProgramBytes(),
            defaults.maxTestBytes(),
            defaults.startTimeoutMs());
    return section.tier().equals("auto") ? settings : settings.withTier(tier(section.tier()));
  }

  private static IsolationTier tier(String name) {
    return Arrays.stream(IsolationTier.values())
        .filter(tier -> tier.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "sandbox.tier must be auto, namespaces or landlock, not '" + name + "'"));
  }

  SandboxJob job(Rollout rollout, String program) {
    return job(rollout.getGroup() + "/" + rollout.getMember(), rollout.getProblem(), program);
  }

  /**
   * @param id names the job in logs
   */
  public SandboxJob job(String id, Problem problem, String program) {
    return new SandboxJob(
        id,
        program,
        problem.getTests(),
        problem.getSetup(),
        problem.getEntryPoint(),
        problem.getTimeoutMs() == null ? config.rewards().caseTimeoutMs() : problem.getTimeoutMs(),
        OnTimeout.valueOf(config.rewards().onTimeout().name()));
  }
}
