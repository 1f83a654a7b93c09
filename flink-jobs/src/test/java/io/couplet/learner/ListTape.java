package io.couplet.learner;

import io.couplet.schemas.Group;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A tape in memory.
 *
 * @param begin first offset that is still held
 * @param missing offsets that reading passes over
 */
public record ListTape(List<Group> groups, long begin, Set<Long> missing) implements Tape {
  @Override
  public long end() {
    return groups.size();
  }

  @Override
  public void read(long from, long to, Reader use) throws IOException {
    for (long offset = from; offset < to; offset++) {
      if (!missing.contains(offset)) {
        use.read(new TapeGroup(offset, groups.get((int) offset)));
      }
    }
  }

  @Override
  public void close() {}
}
