package io.couplet.advantage;

import io.couplet.advantage.state.HeldReward;
import io.couplet.schemas.Group;
import io.couplet.schemas.Rollout;

/** What {@link GroupAssembly} wants done. */
public sealed interface AssemblyEvent {
  /** The group is decided: write it to the tape. */
  record Closed(Group group) implements AssemblyEvent {}

  /** Count this; the source is empty where none is concerned. */
  record Noted(Occurrence occurrence, String source) implements AssemblyEvent {}

  /** A reward that cannot be used: to the dead letters. */
  record RewardRefused(String group, HeldReward reward, String why) implements AssemblyEvent {}

  /** A rollout that cannot be used: to the dead letters. */
  record RolloutRefused(Rollout rollout, String why) implements AssemblyEvent {}

  /** Call {@link GroupAssembly#wake} at this steady time, or later. */
  record WakeAt(long steadyMillis) implements AssemblyEvent {}
}
