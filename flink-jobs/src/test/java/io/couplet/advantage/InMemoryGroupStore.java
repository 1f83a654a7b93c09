package io.couplet.advantage;

import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.schemas.GroupMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Copies on every read and write, as a store that serializes does. */
final class InMemoryGroupStore implements GroupStore {
  private GroupProgress progress;
  private final Map<Integer, GroupMember> samples = new TreeMap<>();
  private final Map<Integer, MemberRewards> rewards = new TreeMap<>();

  @Override
  public GroupProgress progress() {
    return copy(progress);
  }

  @Override
  public void progress(GroupProgress value) {
    progress = copy(value);
  }

  @Override
  public GroupMember sample(int member) {
    return copy(samples.get(member));
  }

  @Override
  public void sample(GroupMember sample) {
    samples.put(sample.getMember(), copy(sample));
  }

  @Override
  public MemberRewards rewards(int member) {
    return copy(rewards.get(member));
  }

  @Override
  public void rewards(MemberRewards value) {
    rewards.put(value.getMember(), copy(value));
  }

  @Override
  public Iterable<MemberRewards> allRewards() {
    List<MemberRewards> all = new ArrayList<>();
    rewards.values().forEach(value -> all.add(copy(value)));
    return all;
  }

  @Override
  public void forgetMembers() {
    samples.clear();
    rewards.clear();
  }

  @Override
  public void forget() {
    forgetMembers();
    progress = null;
  }

  boolean isEmpty() {
    return progress == null && samples.isEmpty() && rewards.isEmpty();
  }

  boolean remembersMembers() {
    return !samples.isEmpty() || !rewards.isEmpty();
  }

  private static <T extends SpecificRecord> T copy(T record) {
    return record == null ? null : SpecificData.get().deepCopy(record.getSchema(), record);
  }
}
