import type { ChainClient } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asInteger } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

/** A claim pays a node in at most 16 subnets: so many nodes fit one transaction. */
const NODES_PER_CLAIM = 32

interface NodeEarnings {
  readonly nodeId: bigint
  readonly netuid: number
  readonly claimableWei: bigint
}

export const stakeClaim = defineCommand({
  path: ['stake', 'claim'],
  summary: 'Claim what the key earned: incentive and take of its nodes, the cut of its subnets, bounties',
  options: {
    ...sendOptions,
    netuid: option.optional('--netuid <netuid>', 'only what was earned in this subnet', asInteger(1, 65_535)),
  },
  examples: ['stake claim --key owner', 'stake claim --netuid 1 --key owner --dry-run'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const account = await senderAddress(values, context)
    const [nodes, cuts, bountyWei] = await Promise.all([
      earningsOf(client, account, netuid),
      ownerCutsOf(client, account, netuid),
      netuid === undefined ? client.money.bounties(account) : 0n,
    ])
    const nodeIds = [...new Set(nodes.map(({ nodeId }) => nodeId))]
    const claims = pagesOf(nodeIds).map((page) =>
      netuid === undefined ? client.intents.claimAll(page) : client.intents.claim(netuid, page),
    )
    const intents = [
      ...claims,
      ...cuts.map((cut) => client.intents.claimOwnerCut(cut.netuid)),
      ...(bountyWei > 0n ? [client.intents.claimBounty()] : []),
    ]
    const claimableWei = [...nodes, ...cuts].reduce((sum, each) => sum + each.claimableWei, bountyWei)
    return { claimableWei, nodes, ownerCuts: cuts, bountyWei, ...(await sendIntents(client, intents, values, context)) }
  },
  render({ claimableWei, nodes, ownerCuts, bountyWei, ...sent }) {
    const lines = [
      ...nodes.map(({ nodeId, netuid, claimableWei: wei }) => [`node ${nodeId} in subnet ${netuid}`, wei] as const),
      ...ownerCuts.map(({ netuid, claimableWei: wei }) => [`owner of subnet ${netuid}`, wei] as const),
      ...(bountyWei > 0n ? [['bounties', bountyWei] as const] : []),
    ].map(([what, wei]) => `  ${what}: ${formatTokens(wei, 9)}`)
    return [`${formatTokens(claimableWei)} tokens to claim`, ...lines, renderSent(sent)].join('\n')
  },
})

async function earningsOf(client: ChainClient, owner: Address, netuid: number | undefined): Promise<NodeEarnings[]> {
  const owned = await client.vault.ownedNodes(owner)
  const found = await Promise.all(
    owned.map(async (nodeId) => {
      const netuids = netuid === undefined ? await client.money.subnetsOf(nodeId) : [netuid]
      return Promise.all(
        netuids.map(async (each) => {
          return { nodeId, netuid: each, claimableWei: await client.money.claimable(each, nodeId) }
        }),
      )
    }),
  )
  return found.flat().filter(({ claimableWei }) => claimableWei > 0n)
}

async function ownerCutsOf(client: ChainClient, owner: Address, netuid: number | undefined) {
  const count = await client.subnets.count()
  const netuids = netuid === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [netuid]
  const cuts = await Promise.all(
    netuids.map(async (each) => {
      const isOwn = (await client.subnets.ownerOf(each)) === owner
      return { netuid: each, claimableWei: isOwn ? await client.money.ownerClaimable(each) : 0n }
    }),
  )
  return cuts.filter(({ claimableWei }) => claimableWei > 0n)
}

function pagesOf(nodeIds: readonly bigint[]): bigint[][] {
  return Array.from({ length: Math.ceil(nodeIds.length / NODES_PER_CLAIM) }, (_, page) =>
    nodeIds.slice(page * NODES_PER_CLAIM, (page + 1) * NODES_PER_CLAIM),
  )
}
