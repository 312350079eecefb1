import { WitanError } from './errors/witan-error.js'

/** Chain id of every local chain; the only place where a node may be told to cheat. */
export const LOCAL_CHAIN_ID = 31_337

/** How a node may be told to act, so that a local network can show that cheating does not pay. */
export const BEHAVIOURS = {
  miner: ['honest', 'slow', 'wrong-model', 'cached', 'stale', 'impostor', 'policy-breaker', 'equivocator'],
  validator: ['honest', 'copier'],
} as const

export type BehaviourRole = keyof typeof BEHAVIOURS
export type BehaviourName<Role extends BehaviourRole = BehaviourRole> = (typeof BEHAVIOURS)[Role][number]

/**
 * The behaviour named `value` for a role. Throws `BEHAVIOUR_UNKNOWN` for a name the role does not have and
 * `BEHAVIOUR_LOCAL_ONLY` for any but `honest` outside a local chain.
 */
export function parseBehaviour<Role extends BehaviourRole>(
  value: string,
  role: Role,
  chainId: number,
): BehaviourName<Role> {
  const known: readonly string[] = BEHAVIOURS[role]
  if (!known.includes(value)) {
    throw new WitanError('BEHAVIOUR_UNKNOWN', `A ${role} has no such behaviour`, {
      facts: { behaviour: value, known: known.join(' | ') },
    })
  }
  if (value !== 'honest' && chainId !== LOCAL_CHAIN_ID) {
    throw new WitanError('BEHAVIOUR_LOCAL_ONLY', 'This behaviour exists for local chains only', {
      facts: { behaviour: value, chainId, localChainId: LOCAL_CHAIN_ID },
    })
  }
  return value as BehaviourName<Role>
}
