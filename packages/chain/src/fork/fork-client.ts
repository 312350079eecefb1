import { abis } from '@witan/contracts'
import { type Address, type Hex, WitanError } from '@witan/protocol'
import { bindContract, type ReadOptions } from '../abi/contract.js'
import { formatAmount } from '../amount.js'
import { makeIntent } from '../client/intents/make-intent.js'
import type { Intent } from '../intent.js'
import type { Connection } from '../network/connect-chain.js'
import type { ForkExport } from './export-file.js'
import { FORK_KINDS, type ForkKind } from './fork-items.js'
import { type ForkTrees, growTrees } from './fork-trees.js'

export type Fork = Awaited<ReturnType<typeof openFork>>

/**
 * The claims of a fork with their proofs. Throws `NOT_A_FORK` for a network that is none, and `FORK_EXPORT_OTHER` when
 * the export, without those whom the network file names, is not what the fork was made from, or its claims are for other
 * contracts than the network's.
 */
export async function openFork({ network, rpc }: Pick<Connection, 'network' | 'rpc'>, body: ForkExport) {
  if (network.fork === undefined) {
    throw new WitanError('NOT_A_FORK', 'The network is no fork', { facts: { network: network.name } })
  }
  const claims = bindContract('ForkClaim', abis.ForkClaim, network.fork.claims, rpc)
  const trees: ForkTrees = growTrees(body, new Set(network.fork.excluded))
  const token = bindContract('WitanToken', abis.WitanToken, network.contracts.token, rpc)
  for (const field of ['exportDigest', 'claimsRoot', 'stateRoot', 'supply'] as const) {
    checkSame(field, trees.origin[field], await claims.read(field, []))
  }
  for (const peer of ['token', 'vault', 'subnets', 'datasets', 'models'] as const) {
    checkSame(peer, network.contracts[peer], await claims.read(peer, []))
  }
  const besides = (await token.read('genesisSupply', [])) - trees.origin.supply - body.supply.treasury
  const kindOf = (kind: ForkKind) => FORK_KINDS.indexOf(kind)
  return {
    address: claims.address,
    trees,
    /** Tokens that whoever deployed the fork gave to others than the export says, wei. */
    besides,
    hasClaimed: (account: Address, options?: ReadOptions): Promise<boolean> =>
      claims.read('hasClaimed', [account], options),
    /** The item that goes on for one of the export; 0: none yet. */
    successorOf: (kind: ForkKind, id: number, options?: ReadOptions): Promise<bigint> =>
      claims.read('successorOf', [kindOf(kind), BigInt(id)], options),
    /** What an item of this network is now; throws when there is none. */
    digestOf: (kind: ForkKind, id: bigint, options?: ReadOptions): Promise<Hex> =>
      claims.read('digestOf', [kindOf(kind), id], options),
    /** Unix seconds. */
    sweepableAt: (options?: ReadOptions): Promise<number> => claims.read('sweepableAt', [], options),
    intents: {
      /** Pays an account all that it has; anybody may send it. Throws `FORK_CLAIM_UNKNOWN`. */
      claim(account: Address): Intent {
        const { liquid, staked, proof } = trees.claim(account)
        const what = `claim ${formatAmount(liquid + staked)} tokens for ${account}`
        return makeIntent(claims, 'claim', [account, liquid, staked, proof], what)
      },
      /** Claims for the sender, and stakes `amountWei` of it on a node. Throws `FORK_CLAIM_UNKNOWN`. */
      claimAndStake(sender: Address, nodeId: bigint, amountWei: bigint): Intent {
        const { liquid, staked, proof } = trees.claim(sender)
        const what = `claim ${formatAmount(liquid + staked)} tokens and stake ${formatAmount(amountWei)} on node ${nodeId}`
        return makeIntent(claims, 'claimAndStake', [liquid, staked, nodeId, amountWei, proof], what)
      },
      /** Records that `successor` goes on for an item of the export. Throws `FORK_CLAIM_UNKNOWN`. */
      adopt(kind: ForkKind, id: number, successor: bigint): Intent {
        const { proof } = trees.item(kind, id)
        const args = [kindOf(kind), BigInt(id), successor, proof] as const
        return makeIntent(claims, 'adopt', args, `take ${kind} ${id} of the export over as ${kind} ${successor}`)
      },
      sweep: (): Intent => makeIntent(claims, 'sweep', [], 'give the treasury what nobody claimed'),
    },
  }
}

function checkSame(field: string, expected: string | bigint, actual: string | bigint): void {
  if (expected === actual) return
  throw new WitanError('FORK_EXPORT_OTHER', 'The fork was made from something else', {
    facts: { field, export: expected, fork: actual },
  })
}
