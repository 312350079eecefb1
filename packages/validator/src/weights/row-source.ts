/** Where a validator's weights come from: its own judgement, or (on a local network) somebody else's. */
export interface RowSource {
  /** Weights by uid, multiples of 1/65535, one for each slot of now; undefined when there is nothing to say. */
  rowFor(epoch: number, signal: AbortSignal): Promise<readonly number[] | undefined>
}
