# The Dream / DiffuCoder architecture and everything that is computed on it, as TorchScript.
#
# Sizes: R sequences of S padded tokens, D hidden, H heads, h head size, V vocabulary,
#        n queried positions, T scored tokens, K pass terms of a token score.
#
# p      parameters in canonical order: embedding; 12 per layer; final norm; output unless tied
# ids    [R, S] token ids, padded on the right, so that position ids are 0..S-1 and count no pad
# seen   [R, 1, 1, S] true for real tokens; an empty tensor where no sequence is padded
# cos, sin  [at least S, h] rotary tables
# query  [n] indices into the R * S rows whose logits are asked for. The right shift (logits at
#        position i predict token i + 1) has been applied by whoever made the query.
#
# 6 is float32 and 7 is float64 in torch's numbering of types.

class Dream(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  key_value_heads : int
  norm_epsilon : float
  tied : bool
  mask_token : int
  attention_scale : float
  repeatable : bool
  max_log_ratio : float
  max_kl_exponent : float

  # ---------------------------------------------------------------- forward pass

  def rms_norm(self: __torch__.Dream, x: Tensor, weight: Tensor) -> Tensor:
    normed = torch.rms_norm(torch.to(x, 6), [torch.size(x, -1)], None, self.norm_epsilon)
    return torch.type_as(normed, x) * weight

  def rotate(self: __torch__.Dream, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    # rotary position embedding, rotate-half form: x [R, H, S, h]
    first, second = torch.chunk(x, 2, -1)
    return x * cos + torch.cat([torch.neg(second), first], -1) * sin

  def split_heads(self: __torch__.Dream, x: Tensor, heads: int) -> Tensor:
    # [R, S, heads * h] -> [R, heads, S, h]
    return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), heads, -1]), 1, 2)

  def attention(self: __torch__.Dream, x: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      p: List[Tensor], w: int) -> Tensor:
    # bidirectional grouped-query attention; x [R, S, D] -> [R, S, D] before the output projection
    R = torch.size(x, 0)
    S = torch.size(x, 1)
    q = (self).rotate((self).split_heads(torch.linear(x, p[w + 1], p[w + 2]), self.heads), cos, sin)
    k = (self).rotate(
        (self).split_heads(torch.linear(x, p[w + 3], p[w + 4]), self.key_value_heads), cos, sin)
    v = (self).split_heads(torch.linear(x, p[w + 5], p[w + 6]), self.key_value_heads)
    groups = self.heads // self.key_value_heads
    if groups > 1:
      shape = [R, self.key_value_heads, groups, S, torch.size(k, -1)]
      k = torch.reshape(torch.expand(torch.unsqueeze(k, 2), shape), [R, self.heads, S, -1])
      v = torch.reshape(torch.expand(torch.unsqueeze(v, 2), shape), [R, self.heads, S, -1])
    else:
      pass
    if self.repeatable and q.requires_grad:
      a = (self).attention_in_parts(q, k, v, seen)
    else:
      if torch.numel(seen) > 0:
        a = torch.scaled_dot_product_attention(q, k, v, torch.expand(seen, [R, 1, S, S]))
      else:
        a = torch.scaled_dot_product_attention(q, k, v)
    return torch.reshape(torch.transpose(a, 1, 2), [R, S, -1])

  def attention_in_parts(self: __torch__.Dream, q: Tensor, k: Tensor, v: Tensor,
      seen: Tensor) -> Tensor:
    # The same by its definition. On a GPU the gradient of the fused kernel adds in no fixed order.
    similarity = torch.matmul(q, torch.transpose(k, -2, -1)) * self.attention_scale
    if torch.numel(seen) > 0:
      similarity = torch.masked_fill(similarity, torch.logical_not(seen), -inf)
    else:
      pass
    return torch.matmul(torch.softmax(similarity, -1), v)

  def rows_of(self: __torch__.Dream, x: Tensor, index: Tensor) -> Tensor:
    # x[index]. The gradient of index_select adds to repeated rows in no fixed order on a GPU, that
    # of indexing sorts first.
    if self.repeatable:
      rows = torch.index(x, annotate(List[Optional[Tensor]], [index]))
    else:
      rows = torch.index_select(x, 0, index)
    return rows

  def swiglu(self: __torch__.Dream, x: Tensor, p: List[Tensor], w: int) -> Tensor:
    gate = torch.silu(torch.linear(x, p[w + 9]))
    return torch.linear(gate * torch.linear(x, p[w + 10]), p[w + 11])

  def hidden(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos_table: Tensor,
      sin_table: Tensor, query: Tensor, p: List[Tensor]) -> Tensor:
    # [n, D]: the queried rows after the final norm. Nothing behind the last attention looks at
    # another row, so that the rest of the last layer runs on the queried rows alone.
    x = torch.embedding(p[0], ids)
    S = torch.size(ids, 1)
    cos = torch.type_as(torch.slice(cos_table, 0, 0, S), x)
    sin = torch.type_as(torch.slice(sin_table, 0, 0, S), x)
    for layer in range(self.layers):
      w = 1 + 12 * layer
      a = (self).attention((self).rms_norm(x, p[w]), seen, cos, sin, p, w)
      if layer == self.layers - 1:
        x = (self).rows_of(torch.reshape(x, [-1, torch.size(x, -1)]), query)
        a = (self).rows_of(torch.reshape(a, [-1, torch.size(a, -1)]), query)
      else:
        pass
      x = x + torch.linear(a, p[w + 7])
      x = x + (self).swiglu((self).rms_norm(x, p[w + 8]), p, w)
    return (self).rms_norm(x, p[1 + 12 * self.layers])

  def logits(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, p: List[Tensor]) -> Tensor:
    # [n, V] float32
    if self.tied:
      output = p[0]
    else:
      output = p[2 + 12 * self.layers]
    return torch.to(torch.linear((self).hidden(ids, seen, cos, sin, query, p), output), 6)

  # ---------------------------------------------------------------- decoding

  def keep_likely(self: __torch__.Dream, logits: Tensor, top_p: Tensor, top_k: Tensor) -> Tensor:
    # [n, V]: -inf outside of the smallest set whose probability exceeds top_p (the token that
    # crosses the threshold stays), then outside of the top_k largest; top_p, top_k [n, 1]
    ordered, order = torch.sort(logits, stable=True, dim=-1, descending=True)
    probability = torch.softmax(ordered, -1)
    before = torch.cumsum(probability, -1) - probability
    rank = torch.unsqueeze(torch.arange(torch.size(logits, -1), device=logits.device), 0)
    keep_ordered = torch.logical_or(
        torch.logical_and(torch.le(before, top_p), torch.lt(rank, top_k)), torch.eq(rank, 0))
    keep = torch.scatter(torch.zeros_like(keep_ordered), -1, order, keep_ordered)
    return torch.masked_fill(logits, torch.logical_not(keep), -inf)

  def candidates(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, temperature: Tensor, top_p: Tensor, top_k: Tensor, uniform: Tensor,
      measure: Tensor, distinct: Tensor, plan: List[bool], p: List[Tensor]) -> List[Tensor]:
    # token [N] and confidence [N] of N candidates for n positions.
    # temperature [n, 1], 0 for greedy; top_p, top_k [n, 1];
    # measure [n]: 0 probability of the token, 1 margin, 2 negative entropy;
    # uniform [N, 1] float64 in [0, 1); distinct [N] which of the n positions;
    # plan: which work any query needs (tempered, filtered, sampled, greedy, margin, entropy)
    logits = (self).logits(ids, seen, cos, sin, query, p)
    torch.fill_(torch.select(logits, 1, self.mask_token), -inf)
    greedy = torch.eq(temperature, 0)
    if plan[0]:
      logits = logits / torch.where(greedy, torch.ones_like(temperature), temperature)
    else:
      pass
    if plan[1]:
      logits = (self).keep_likely(logits, top_p, top_k)
    else:
      pass
    probability = torch.softmax(logits, -1)
    token = torch.zeros_like(distinct)
    if plan[2]:
      # inverse of the cumulative probability, in vocabulary order
      cumulative = torch.index_select(torch.cumsum(probability, -1, dtype=7), 0, distinct)
      threshold = uniform * torch.slice(cumulative, 1, -1)
      token = torch.squeeze(torch.searchsorted(cumulative, threshold, right=True), 1)
    else:
      pass
    if plan[3]:
      best = torch.index_select(torch.argmax(logits, -1), 0, distinct)
      token = torch.where(torch.index_select(torch.squeeze(greedy, 1), 0, distinct), best, token)
    else:
      pass
    confidence = torch.take(probability, distinct * torch.size(probability, 1) + token)
    measured = torch.index_select(measure, 0, distinct)
    if plan[4]:
      top, _1 = torch.topk(probability, 2, -1)
      margin = torch.select(top, 1, 0) - torch.select(top, 1, 1)
      margin = torch.index_select(margin, 0, distinct)
      confidence = torch.where(torch.eq(measured, 1), margin, confidence)
    else:
      pass
    if plan[5]:
      entropy = torch.sum(probability * torch.log(probability + 1e-10), [-1])
      entropy = torch.index_select(entropy, 0, distinct)
      confidence = torch.where(torch.eq(measured, 2), entropy, confidence)
    else:
      pass
    return [token, confidence]

  # ---------------------------------------------------------------- token scores

  def log_probabilities(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor,
      sin: Tensor, query: Tensor, target: Tensor, p: List[Tensor]) -> Tensor:
    # [n] log p(target | partly masked sequence), float32
    log_p = torch.log_softmax((self).logits(ids, seen, cos, sin, query, p), -1, 6)
    return torch.squeeze(torch.gather(log_p, 1, torch.unsqueeze(target, 1)), 1)

  def scores(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, target: Tensor, term: Tensor, share: Tensor, p: List[Tensor]) -> Tensor:
    # s_k = sum over the K terms of token k: share * log p. term [T * K] names an entry of the n
    # log-probabilities, or n for none; share [T, K] holds 1/tau, 1/(1 - tau) and the divisor.
    log_p = (self).log_probabilities(ids, seen, cos, sin, query, target, p)
    log_p = torch.cat([log_p, torch.zeros([1], dtype=6, device=log_p.device)])
    terms = torch.reshape((self).rows_of(log_p, term), torch.size(share))
    return torch.sum(terms * share, [-1])

  # ---------------------------------------------------------------- objectives

  def clipped_objective(self: __torch__.Dream, score: Tensor, old: Tensor, reference: Tensor,
      advantage: Tensor, weight: Tensor, options: Tensor) -> List[Tensor]:
    # loss and metrics of coupled-GRPO; all vectors [T]. weight m_k / sum m_k: 0 for masked tokens.
    # options: eps_low, eps_high, beta. reference is empty where beta is 0.
    # metrics: sum w kl, max kl, clipped low, clipped high (tokens), max ratio
    active = torch.gt(weight, 0)
    ratio = torch.exp(torch.clamp(score - old, None, self.max_log_ratio))
    low = 1. - float(options[0])
    high = 1. + float(options[1])
    gain = torch.minimum(ratio * advantage, torch.clamp(ratio, low, high) * advantage)
    loss = torch.neg(torch.sum(weight * gain))
    kl = torch.zeros_like(ratio)
    if torch.numel(reference) > 0:
      # k3 = e^d - d - 1; beyond the bound the exponential goes on as its tangent
      d = reference - score
      bound = self.max_kl_exponent
      kl = torch.exp(torch.clamp(d, None, bound)) * (1. + torch.clamp(d - bound, 0.)) - d - 1.
      loss = loss + torch.sum(weight * kl) * float(options[2])
    else:
      pass
    below = torch.logical_and(torch.lt(ratio, low), torch.lt(advantage, 0))
    above = torch.logical_and(torch.gt(ratio, high), torch.gt(advantage, 0))
    metrics = torch.stack([
        torch.sum(weight * kl),
        torch.max(torch.where(active, kl, torch.zeros_like(kl))),
        torch.to(torch.sum(torch.logical_and(below, active)), 6),
        torch.to(torch.sum(torch.logical_and(above, active)), 6),
        torch.max(torch.where(active, ratio, torch.zeros_like(ratio)))])
    return [loss, torch.detach(metrics)]

  # ---------------------------------------------------------------- gradients and AdamW

  def leaves(self: __torch__.Dream, p: List[Tensor]) -> List[Tensor]:
    # the same storage as p, as leaves of a new graph
    out = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      torch.append(out, torch.requires_grad_(torch.detach(p[i])))
    return out

  def gradient(self: __torch__.Dream, loss: Tensor, leaves: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    gradients = torch.grad([loss], leaves)
    for i in range(torch.len(leaves)):
      g = gradients[i]
      if torch.__isnot__(g, None):
        torch.append(out, unchecked_cast(Tensor, g))
      else:
        torch.append(out, torch.zeros_like(leaves[i]))
    return out

  def adamw(self: __torch__.Dream, loss: Tensor, g: List[Tensor], p: List[Tensor],
      m: List[Tensor], v: List[Tensor], optimizer: Tensor) -> Tensor:
    # Clips g to a total norm and steps p, m, v in place; returns loss and norm before clipping,
    # and changes nothing where one of them is not finite. Matrices decay, biases and norms do not.
    # optimizer: learning rate, beta1, beta2, epsilon, weight decay, max norm, steps made before
    norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)))
    report = torch.stack([torch.detach(loss), norm])
    if bool(torch.all(torch.isfinite(report))):
      torch._foreach_mul_(g, torch.clamp(float(optimizer[5]) / (norm + 1e-6), None, 1.))
      rate = float(optimizer[0])
      count = torch.to(optimizer[6] + 1., device=norm.device, dtype=6)
      counts = annotate(List[Tensor], [])
      for i in range(torch.len(p)):
        torch.append(counts, count)
        if torch.dim(p[i]) > 1:
          torch.mul_(p[i], 1. - rate * float(optimizer[4]))
        else:
          pass
      unused = annotate(List[Tensor], [])
      torch._fused_adamw_(p, g, m, v, unused, counts, lr=rate, beta1=float(optimizer[1]),
          beta2=float(optimizer[2]), weight_decay=0., eps=float(optimizer[3]), amsgrad=False,
          maximize=False, grad_scale=None, found_inf=None)
    else:
      pass
    return report

  # ---------------------------------------------------------------- one engine call each

  def policy_step(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, target: Tensor, term: Tensor, share: Tensor, old: Tensor, reference: Tensor,
      advantage: Tensor, weight: Tensor, options: Tensor, optimizer: Tensor, p: List[Tensor],
      m: List[Tensor], v: List[Tensor]) -> List[Tensor]:
    # coupled-GRPO for a whole batch: scores, loss, gradient, clipping, AdamW
    leaves = (self).leaves(p)
    score = (self).scores(ids, seen, cos, sin, query, target, term, share, leaves)
    loss, metrics = (self).clipped_objective(score, old, reference, advantage, weight, options)
    report = (self).adamw(loss, (self).gradient(loss, leaves), p, m, v, optimizer)
    return [report, metrics]

  def policy_gradient(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, target: Tensor, term: Tensor, share: Tensor, old: Tensor, reference: Tensor,
      advantage: Tensor, weight: Tensor, options: Tensor, p: List[Tensor],
      g: List[Tensor]) -> List[Tensor]:
    # a micro-batch of it: adds its gradient to g
    leaves = (self).leaves(p)
    score = (self).scores(ids, seen, cos, sin, query, target, term, share, leaves)
    loss, metrics = (self).clipped_objective(score, old, reference, advantage, weight, options)
    torch._foreach_add_(g, (self).gradient(loss, leaves))
    return [torch.detach(loss), metrics]

  def denoising_step(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor, sin: Tensor,
      query: Tensor, target: Tensor, weight: Tensor, share: Tensor, optimizer: Tensor,
      p: List[Tensor], m: List[Tensor], v: List[Tensor]) -> List[Tensor]:
    # masked diffusion objective (weight [n] holds 1/t and the normalisation) with AdamW;
    # the metric is the unweighted masked cross-entropy: share [n] sums to 1
    leaves = (self).leaves(p)
    surprise = torch.neg((self).log_probabilities(ids, seen, cos, sin, query, target, leaves))
    loss = torch.sum(weight * surprise)
    report = (self).adamw(loss, (self).gradient(loss, leaves), p, m, v, optimizer)
    return [report, torch.sum(share * torch.detach(surprise))]

  def denoising_gradient(self: __torch__.Dream, ids: Tensor, seen: Tensor, cos: Tensor,
      sin: Tensor, query: Tensor, target: Tensor, weight: Tensor, share: Tensor, p: List[Tensor],
      g: List[Tensor]) -> List[Tensor]:
    # a micro-batch of it: adds its gradient to g
    leaves = (self).leaves(p)
    surprise = torch.neg((self).log_probabilities(ids, seen, cos, sin, query, target, leaves))
    loss = torch.sum(weight * surprise)
    torch._foreach_add_(g, (self).gradient(loss, leaves))
    return [torch.detach(loss), torch.sum(share * torch.detach(surprise))]

  # ---------------------------------------------------------------- weights

  def clear(self: __torch__.Dream, into: List[Tensor]) -> Tensor:
    torch._foreach_zero_(into)
    return torch.zeros([])

  def add(self: __torch__.Dream, into: List[Tensor], other: List[Tensor]) -> Tensor:
    torch._foreach_add_(into, other)
    return torch.zeros([])

  def multiply(self: __torch__.Dream, into: List[Tensor], factor: float) -> Tensor:
    torch._foreach_mul_(into, factor)
    return torch.zeros([])

  def copied(self: __torch__.Dream, source: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(source)):
      torch.append(out, torch.clone(source[i]))
    return out

  def bfloat16_zeros(self: __torch__.Dream, beside: Tensor, shape: List[int]) -> Tensor:
    return torch.zeros(shape, dtype=15, device=beside.device)

  def float32(self: __torch__.Dream, source: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(source)):
      torch.append(out, torch.to(source[i], 6))
    return out

  def bfloat16(self: __torch__.Dream, source: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(source)):
      torch.append(out, torch.to(source[i], 15))
    return out

  def assign(self: __torch__.Dream, into: List[Tensor], source: List[Tensor]) -> Tensor:
    torch._foreach_copy_(into, source)
    return torch.zeros([])

  def mix(self: __torch__.Dream, into: List[Tensor], source: List[Tensor],
      share: float) -> Tensor:
    # into = (1 - share) * into + share * source
    torch._foreach_lerp_(into, source, share)
    return torch.zeros([])

  def read_part(self: __torch__.Dream, source: Tensor, first: int, count: int) -> Tensor:
    # count elements of a contiguous tensor
    return torch.clone(torch.slice(torch.view(source, [-1]), 0, first, first + count))

  def write_part(self: __torch__.Dream, into: Tensor, part: Tensor, first: int) -> Tensor:
    torch.copy_(torch.slice(torch.view(into, [-1]), 0, first, first + torch.numel(part)), part)
    return torch.zeros([])
