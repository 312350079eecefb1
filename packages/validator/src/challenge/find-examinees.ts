import type { Neuron } from '@witan/chain'
import type { Address, Hex } from '@witan/protocol'
import { createLimiter, type Logger } from '@witan/runtime'
import type { ValidatorNetwork } from '../validator-network.js'
import type { Examinee } from './examinee.js'

export interface RosterOptions {
  /** This validator, which does not judge itself. */
  readonly operator: Address
  /** Those whose answers count. */
  readonly modelVersions: readonly Hex[]
}

export interface RosterModules {
  readonly network: Pick<ValidatorNetwork, 'resolve' | 'describe'>
  readonly logger: Logger
}

/** Descriptions asked for at a time: each may be a new connection. */
const CONCURRENCY = 8

/**
 * Who is judged in an epoch. A neuron is a miner when it describes itself with a version that counts in the subnet. One in `known` (it
 * has a score) is judged whatever it says and whether or not it can be found: neither silence nor denial may keep a score.
 * Asking also opens the connections, so that their cost is not measured as latency.
 */
export async function findExaminees(
  neurons: readonly Neuron[],
  known: ReadonlySet<number>,
  options: RosterOptions,
  { network, logger }: RosterModules,
  signal: AbortSignal,
): Promise<Examinee[]> {
  const limiter = createLimiter({ concurrency: CONCURRENCY, queue: neurons.length })

  const examine = async (neuron: Neuron): Promise<Examinee | undefined> => {
    const { uid, registeredAt, operator } = neuron
    let multiaddrs: readonly string[] = []
    let offers: Examinee['offers'] = []
    try {
      if (neuron.record === undefined && !known.has(uid)) return undefined
      multiaddrs = await network.resolve(operator, signal)
      const { models } = await network.describe({ operator, multiaddrs }, signal)
      offers = models
      const serves = models.some(({ version }) => options.modelVersions.includes(version))
      return serves || known.has(uid) ? { uid, registeredAt, operator, multiaddrs, offers } : undefined
    } catch (error) {
      signal.throwIfAborted()
      logger.debug({ uid, err: error }, 'neuron did not describe itself')
      return known.has(uid) ? { uid, registeredAt, operator, multiaddrs, offers } : undefined
    }
  }

  const others = neurons.filter(({ operator }) => operator !== options.operator)
  const found = await Promise.all(others.map((neuron) => limiter.run(() => examine(neuron), signal)))
  return found.filter((examinee) => examinee !== undefined)
}
