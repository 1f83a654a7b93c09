package io.couplet.worker;

import io.couplet.decoding.Candidates;
import io.couplet.decoding.Completion;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.decoding.HashDenoiser;
import io.couplet.decoding.SpecialTokens;
import io.couplet.grpo.ScoringSettings;
import io.couplet.model.ModelConfig;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.ServedPolicies;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Policies without a model whose every forward pass can be held up, counted and made to fail. A
 * policy whose hash starts with "0" does not verify.
 */
final class FakePolicies implements ServedPolicies.Loader<LoadedPolicy> {
  static final int MAX_TOKENS = 200;

  /** One permit lets one forward pass through; unlimited unless a test drains it. */
  final Semaphore forwards = new Semaphore(Integer.MAX_VALUE / 2);

  /** Rows of each forward pass, by policy hash. */
  final List<Forward> log = new CopyOnWriteArrayList<>();

  final List<String> loaded = new CopyOnWriteArrayList<>();
  final List<String> closed = new CopyOnWriteArrayList<>();
  volatile boolean failing;

  record Forward(String sha256, int rows, int prompts) {}

  @Override
  public LoadedPolicy load(PolicyReference reference) {
    loaded.add(reference.sha256());
    if (reference.sha256().startsWith("0")) {
      throw new UnverifiablePolicyException("Policy " + reference.uri() + " has another hash");
    }
    return new FakePolicy(reference.sha256());
  }

  private final class FakePolicy implements LoadedPolicy, Denoiser {
    private final String sha256;
    private final HashDenoiser network = new HashDenoiser(-2);

    FakePolicy(String sha256) {
      this.sha256 = sha256;
    }

    @Override
    public int[] encode(String text) {
      return text.chars().map(c -> 4 + c % 20).toArray();
    }

    @Override
    public String decode(int[] ids) {
      return Arrays.stream(ids)
          .mapToObj(id -> Character.toString('a' + id))
          .collect(Collectors.joining());
    }

    @Override
    public SpecialTokens special() {
      return HashDenoiser.SPECIAL;
    }

    @Override
    public int maxTokens() {
      return MAX_TOKENS;
    }

    @Override
    public Denoiser denoiser() {
      return this;
    }

    @Override
    public ModelConfig config() {
      return network.config();
    }

    @Override
    public Candidates candidates(DenoisingBatch batch) {
      forwards.acquireUninterruptibly();
      if (failing) {
        throw new IllegalStateException("activations hold NaN");
      }
      long prompts = Arrays.stream(batch.rows()).map(row -> row[0]).distinct().count();
      log.add(new Forward(sha256, batch.rows().length, (int) prompts));
      return network.candidates(batch);
    }

    @Override
    public float[][][] scores(
        long seed, String group, List<Completion> members, ScoringSettings settings) {
      float[][][] scores = new float[members.size()][settings.innerIterations()][];
      for (int member = 0; member < members.size(); member++) {
        for (int iteration = 0; iteration < settings.innerIterations(); iteration++) {
          RandomStream random = RandomStream.named(seed, "score", group, member, iteration);
          scores[member][iteration] = new float[members.get(member).ids().length];
          Arrays.fill(scores[member][iteration], -random.nextFloat());
        }
      }
      return scores;
    }

    @Override
    public void close() {
      closed.add(sha256);
    }
  }
}
