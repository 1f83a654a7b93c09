package io.couplet.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a configuration key means; the reference page is made of these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Doc {
  /** Meaning, with its unit. */
  String value();

  /**
   * Values that are accepted. Left out for sections, and where the Java type says it: true or
   * false, the constants of an enumeration.
   */
  String allowed() default "";
}
