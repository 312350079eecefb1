import { NETUID } from '../../local-network/local-plan.js'
import type { Stage } from '../stage.js'

/** Epochs take fifteen seconds, and old answers count for some. */
const EPOCHS_SECONDS = 120
/** A share of the incentive that is as good as none: a five-hundredth. */
const NEARLY_NOTHING = 0.002

/** What the last settled epoch paid to miners by name. */
export async function incentives(stage: Stage): Promise<Map<string, number>> {
  const { neurons } = await stage.client.metagraph(NETUID)
  const names = new Map(stage.network.roster.map(({ name }) => [stage.addressOf(name), name]))
  return new Map(neurons.map(({ operator, incentive }) => [names.get(operator) ?? operator, incentive]))
}

/** Waits until an epoch has paid a miner, and gives its share. */
export function untilPaid(stage: Stage, name: string): Promise<number> {
  return stage.until(`${name} to earn`, EPOCHS_SECONDS, async () => {
    const share = (await incentives(stage)).get(name) ?? 0
    return share > NEARLY_NOTHING && share
  })
}

/** Waits until a miner that once earned earns nothing while the honest ones do. */
export async function untilUnpaid(stage: Stage, name: string) {
  return stage.until(`${name} to earn nothing`, EPOCHS_SECONDS, async () => {
    const shares = await incentives(stage)
    const honest = shares.get('miner-1') ?? 0
    const incentive = shares.get(name) ?? 0
    if (honest === 0 || incentive > NEARLY_NOTHING) return undefined
    const epoch = (await stage.client.consensus.lastSettled(NETUID))?.epoch
    return { miner: name, incentive, honestIncentive: honest, epoch }
  })
}
