package io.couplet.advantage;

import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.schemas.GroupMember;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** What is stored of the group that is the current key. */
final class KeyedGroupStore implements GroupStore {
  private final ValueState<GroupProgress> progress;
  private final MapState<Integer, GroupMember> samples;
  private final MapState<Integer, MemberRewards> rewards;
  private GroupProgress latest;

  KeyedGroupStore(RuntimeContext context) {
    progress =
        context.getState(
            new ValueStateDescriptor<>("progress", new AvroTypeInfo<>(GroupProgress.class)));
    samples =
        context.getMapState(
            new MapStateDescriptor<>("samples", Types.INT, new AvroTypeInfo<>(GroupMember.class)));
    rewards =
        context.getMapState(
            new MapStateDescriptor<>(
                "rewards", Types.INT, new AvroTypeInfo<>(MemberRewards.class)));
  }

  @Override
  public GroupProgress progress() throws Exception {
    latest = progress.value();
    return latest;
  }

  /** What was last read or stored, of whichever group; null where that one is not known. */
  GroupProgress latest() {
    return latest;
  }

  @Override
  public void progress(GroupProgress value) throws Exception {
    progress.update(value);
    latest = value;
  }

  @Override
  public GroupMember sample(int member) throws Exception {
    return samples.get(member);
  }

  @Override
  public void sample(GroupMember sample) throws Exception {
    samples.put(sample.getMember(), sample);
  }

  @Override
  public MemberRewards rewards(int member) throws Exception {
    return rewards.get(member);
  }

  @Override
  public void rewards(MemberRewards value) throws Exception {
    rewards.put(value.getMember(), value);
  }

  @Override
  public Iterable<MemberRewards> allRewards() throws Exception {
    return rewards.values();
  }

  @Override
  public void forgetMembers() {
    samples.clear();
    rewards.clear();
  }

  @Override
  public void forget() {
    forgetMembers();
    progress.clear();
    latest = null;
  }
}
