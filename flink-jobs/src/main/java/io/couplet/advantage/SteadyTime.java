package io.couplet.advantage;

/**
 * A reading of a clock that neither jumps nor runs backwards.
 *
 * @param incarnation which clock: readings of different incarnations (operators before and after a
 *     restart) cannot be compared
 * @param millis milliseconds since that clock's arbitrary origin
 */
public record SteadyTime(long incarnation, long millis) {}
