package io.couplet.problems.families;

/** A parameter of a generated function. */
public record Parameter(String name, Kind kind) {}
