/**
 * Why an address from configuration was not reached. `refused`: it must not be (inside the network, not https);
 * `timeout` and `unreachable`: the other side did not answer; `cut`: its answer broke off. The message names the host and never path or query,
 * which may hold secrets; nor does it keep causes that hold the whole request.
 */
export class OutsideFault extends Error {
  override readonly name = 'OutsideFault';
  readonly kind: 'refused' | 'timeout' | 'unreachable' | 'cut';

  constructor(kind: OutsideFault['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
