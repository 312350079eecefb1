import { createP2pMetrics } from '@witan/p2p'
import { createDomain } from '@witan/protocol'
import { createLogger, createMetrics, systemClock } from '@witan/runtime'

/** What both ends of the benchmark agree on. */
export const networkName = 'bench'
export const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'11'.repeat(20)}` })

/** The modules of one host, as a daemon would compose them. */
export function hostModules(name) {
  return {
    clock: systemClock,
    logger: createLogger({ name, level: 'warn' }),
    metrics: createP2pMetrics(createMetrics()),
  }
}
