import type { ModelOffer } from '@witan/protocol'
import type { Slot } from '../journal/book-journal.js'
import type { MinerTarget } from '../validator-network.js'

/** A miner that is judged in an epoch. */
export interface Examinee extends Slot, MinerTarget {
  /** What it described itself with; empty when it did not. */
  readonly offers: readonly Pick<ModelOffer, 'version' | 'engine' | 'device'>[]
}
