import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress } from '../../command/parse.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'

export const stakeList = defineCommand({
  path: ['stake', 'list'],
  summary: "List an account's stake: positions, requests on their way out, debt and votes",
  options: {
    ...networkOptions,
    account: option.required('--account <address>', 'whose stake', asAddress),
  },
  examples: ['stake list --account 0x…', 'stake list --account 0x… --json'],
  async run({ account, ...values }, context) {
    const client = await openNetwork(values, context)
    const { votes } = await client.companions()
    const [held, requests, debtWei, countedWei, votesWei, delegate, { timestamp }] = await Promise.all([
      client.vault.positionsOf(account),
      client.vault.pendingRequests(account),
      client.vault.debtOf(account),
      client.vault.stakedOf(account),
      votes.votesOf(account),
      votes.delegateOf(account),
      client.latestBlock(),
    ])
    const positions = await Promise.all(
      held.map(async ({ nodeId, shares, assets, movableAt }) => {
        const { operator, owner, takeBps, assets: poolWei } = await client.vault.pool(nodeId)
        const position = { nodeId, operator, owner, takeBps, poolWei, shares, assetsWei: assets }
        return { ...position, movableAt: movableAt > timestamp ? movableAt : null }
      }),
    )
    return {
      account,
      positions: positions.sort((a, b) => Number(a.nodeId - b.nodeId)),
      requests: requests.map(({ requestId, nodeId, assets, requestedAt, availableAt }) => {
        return { requestId, nodeId, assetsWei: assets, requestedAt, availableAt, isDue: availableAt <= timestamp }
      }),
      debtWei,
      votes: { delegate, votesWei, countedWei },
    }
  },
  render({ account, positions, requests, debtWei, votes }, { terminal }) {
    type Position = (typeof positions)[number]
    type Request = (typeof requests)[number]
    const positionColumns: readonly Column<Position>[] = [
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'OPERATOR', value: ({ operator }) => operator },
      { title: 'WORTH', value: ({ assetsWei }) => formatTokens(assetsWei), align: 'right' },
      { title: 'POOL', value: ({ poolWei }) => formatTokens(poolWei), align: 'right' },
      { title: 'SHARES', value: ({ shares }) => formatTokens(shares), align: 'right' },
      { title: 'TAKE', value: ({ takeBps }) => `${takeBps / 100} %`, align: 'right' },
      { title: 'MOVABLE', value: ({ movableAt }) => (movableAt === null ? 'now' : formatTime(movableAt)) },
    ]
    const requestColumns: readonly Column<Request>[] = [
      { title: 'REQUEST', value: ({ requestId }) => String(requestId), align: 'right' },
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'TOKENS', value: ({ assetsWei }) => formatTokens(assetsWei), align: 'right' },
      { title: 'PAYABLE', value: ({ isDue, availableAt }) => (isDue ? 'now' : formatTime(availableAt)) },
    ]
    const { delegate, votesWei, countedWei } = votes
    const voter = delegate === account ? 'votes itself' : `lets ${delegate} vote`
    return [
      positions.length === 0 ? 'no stake' : renderTable(positionColumns, positions, terminal.columns),
      ...(requests.length === 0 ? [] : ['', renderTable(requestColumns, requests, terminal.columns)]),
      '',
      ...(debtWei === 0n ? [] : [`debt   ${formatTokens(debtWei, 6)} tokens, for slashes of nodes it left`]),
      `votes  ${formatTokens(votesWei)}; ${voter} with ${formatTokens(countedWei)} as last counted`,
    ].join('\n')
  },
})
