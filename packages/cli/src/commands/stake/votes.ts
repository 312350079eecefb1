import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { nodeOf } from '../../settings/node.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const stakeSync = defineCommand({
  path: ['stake', 'sync'],
  summary: "Bring a node's pool and the key's stake on it up to date: pulls rewards in, counts votes, takes debts",
  options: {
    ...sendOptions,
    operator: option.required('--operator <address>', "the node's operator", asAddress),
    account: option.optional(
      '--account <address>',
      'whose stake is counted again (default: that of the key)',
      asAddress,
    ),
  },
  examples: ['stake sync --operator 0x… --key owner'],
  async run({ operator, account, ...values }, context) {
    const client = await openNetwork(values, context)
    const [nodeId, sender] = await Promise.all([nodeOf(client, operator), senderAddress(values, context)])
    const counted = account ?? sender
    const [accruedWei, shares] = await Promise.all([
      client.money.poolAccrued(nodeId),
      client.vault.sharesOf(nodeId, counted),
    ])
    const intents = [client.intents.sync(nodeId), ...(shares > 0n ? [client.intents.syncVotes(counted, nodeId)] : [])]
    return { nodeId, account: counted, accruedWei, ...(await sendIntents(client, intents, values, context)) }
  },
  render: ({ nodeId, accruedWei, ...sent }) =>
    `${renderSent(sent)}\nnode ${nodeId}: ${formatTokens(accruedWei, 9)} tokens had accrued for its pool`,
})

export const stakeDelegate = defineCommand({
  path: ['stake', 'delegate'],
  summary: "Let another account vote with the key's stake; the stake itself stays where it is",
  options: {
    ...sendOptions,
    to: option.required('--to <address>', 'who votes; the own address takes the votes back', asAddress),
  },
  examples: ['stake delegate --to 0x… --key owner'],
  async run({ to, ...values }, context) {
    const client = await openNetwork(values, context)
    const { intents, votes } = await client.companions()
    const account = await senderAddress(values, context)
    const [before, countedWei] = await Promise.all([votes.delegateOf(account), client.vault.stakedOf(account)])
    const sent = await sendIntents(client, [intents.delegateVotes(to)], values, context)
    return { account, before, delegate: to, countedWei, ...sent }
  },
  render: ({ before, delegate, countedWei, ...sent }) =>
    `${renderSent(sent)}\n${formatTokens(countedWei)} votes: before ${before}, now ${delegate}`,
})
