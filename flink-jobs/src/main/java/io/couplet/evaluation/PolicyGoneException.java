package io.couplet.evaluation;

/** No worker can load the policy, and later ones will not either. */
final class PolicyGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PolicyGoneException(String message) {
    super(message);
  }
}
