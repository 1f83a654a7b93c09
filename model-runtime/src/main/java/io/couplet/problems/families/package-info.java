/**
 * Families of small Python functions: what each asks for in words, a reference solution, and what
 * it means, evaluated in Java independently of the solution's text.
 */
package io.couplet.problems.families;
