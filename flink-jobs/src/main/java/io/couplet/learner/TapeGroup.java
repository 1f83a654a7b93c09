package io.couplet.learner;

import io.couplet.schemas.Group;

/** A record of the tape with its offset. */
public record TapeGroup(long offset, Group group) {}
