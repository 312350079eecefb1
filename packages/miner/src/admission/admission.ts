import type { Address } from '@witan/protocol'
import { type Clock, createLoop, createService, type Logger, type Service } from '@witan/runtime'
import type { MinerChain } from '../miner-chain.js'
import { permittedOperators } from './permitted-operators.js'

export interface AdmissionOptions {
  readonly netuid: number
  /** Served whatever their stake: the operator's own list. */
  readonly admit: readonly Address[]
  readonly refreshMs: number
}

export interface AdmissionModules {
  readonly chain: MinerChain
  readonly clock: Clock
  readonly logger: Logger
  onError(error: unknown): void
}

/** Who may ask for an answer. The list is kept in memory and read again as permits and stake move. */
export interface Admission extends Service {
  admits(operator: Address): boolean
  /** Milliseconds since the chain was last read. */
  ageMs(): number
}

/** While the chain cannot be read the last list stands: a dead endpoint must not shut out honest validators. */
export function createAdmission(options: AdmissionOptions, modules: AdmissionModules): Admission {
  const { netuid, admit, refreshMs } = options
  const { chain, clock, logger, onError } = modules
  const listed = new Set(admit)
  let permitted: ReadonlySet<Address> = new Set()
  let readAtMs = clock.monotonicMs()

  const refresh = async () => {
    const [{ parameters }, neurons, lastSettled] = await Promise.all([
      chain.subnets.subnet(netuid),
      chain.subnets.neurons(netuid),
      chain.consensus.lastSettled(netuid),
    ])
    permitted = permittedOperators(neurons, lastSettled, parameters)
    readAtMs = clock.monotonicMs()
  }
  const loop = createLoop({ name: 'admission', intervalMs: refreshMs, run: refresh, onError }, { clock, logger })

  return {
    ...createService({
      async start() {
        await refresh()
        await loop.start()
      },
      stop: () => loop.stop(),
    }),
    admits: (operator) => listed.has(operator) || permitted.has(operator),
    ageMs: () => clock.monotonicMs() - readAtMs,
  }
}
