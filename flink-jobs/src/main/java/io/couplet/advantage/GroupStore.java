package io.couplet.advantage;

import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.schemas.GroupMember;

/**
 * What is stored of one group. What is read may be changed by the caller, but counts only once it
 * is written back.
 */
public interface GroupStore {
  /** Null when nothing is known of the group. */
  GroupProgress progress() throws Exception;

  void progress(GroupProgress progress) throws Exception;

  /** Null when the member has no sample. */
  GroupMember sample(int member) throws Exception;

  void sample(GroupMember sample) throws Exception;

  /** Null when no source has spoken about the member. */
  MemberRewards rewards(int member) throws Exception;

  void rewards(MemberRewards rewards) throws Exception;

  Iterable<MemberRewards> allRewards() throws Exception;

  /** Forgets samples and rewards, not the progress. */
  void forgetMembers() throws Exception;

  /** Forgets everything. */
  void forget() throws Exception;
}
