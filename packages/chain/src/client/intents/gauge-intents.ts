import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import type { GaugePoint } from '../reads/read-gauge.js'
import { makeIntent } from './make-intent.js'

export function gaugeIntents({ emission }: Pick<Contracts, 'emission'>) {
  return {
    /** Replaces the sender's list; an empty one points nowhere. */
    point(points: readonly GaugePoint[]): Intent {
      const sorted = [...points].sort((a, b) => a.netuid - b.netuid)
      const netuids = sorted.map(({ netuid }) => netuid)
      const weights = sorted.map(({ weight }) => weight)
      const where = sorted.map(({ netuid, weight }) => `subnet ${netuid} (${weight})`).join(', ')
      const description = sorted.length === 0 ? 'point stake at no subnet' : `point stake at ${where}`
      return makeIntent(emission, 'point', [netuids, weights], description)
    },
  }
}
