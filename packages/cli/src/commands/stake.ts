import type { ChainClient } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import { option } from '../command/option.js'
import { asAddress, asInteger, asPositiveAmount } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'
import { renderTable } from '../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../settings/connection.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../settings/sending.js'

const operatorOption = option.required('--operator <address>', "the node's operator", asAddress)

async function nodeOf(client: ChainClient, operator: Address): Promise<bigint> {
  const nodeId = await client.vault.nodeOf(operator)
  if (nodeId !== undefined) return nodeId
  throw new WitanError('UNREGISTERED_OPERATOR', 'The operator was never registered', { facts: { operator } })
}

export const stakeAdd = defineCommand({
  path: ['stake', 'add'],
  summary: 'Stake tokens on a node',
  options: {
    ...sendOptions,
    operator: operatorOption,
    amount: option.required('--amount <tokens>', 'how much', asPositiveAmount),
  },
  examples: ['stake add --operator 0x… --amount 1000 --key owner'],
  async run({ operator, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const nodeId = await nodeOf(client, operator)
    const intents = [
      ...(await client.approvals({ owner, spender: 'vault', amountWei: amount })),
      client.intents.stake(nodeId, amount),
    ]
    return { nodeId, amountWei: amount, ...(await sendIntents(client, intents, values, context)) }
  },
  render: (sent) => renderSent(sent),
})

export const stakeRemove = defineCommand({
  path: ['stake', 'remove'],
  summary: 'Begin to take stake out of a node; it is paid after the unbonding time with `stake withdraw`',
  options: {
    ...sendOptions,
    operator: operatorOption,
    amount: option.required('--amount <tokens>', 'how much', asPositiveAmount),
  },
  examples: ['stake remove --operator 0x… --amount 10 --key owner'],
  async run({ operator, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const nodeId = await nodeOf(client, operator)
    const account = await senderAddress(values, context)
    const [shares, heldWei] = await Promise.all([
      client.vault.toSharesDown(nodeId, amount),
      client.vault.assetsOf(nodeId, account),
    ])
    if (amount > heldWei) {
      throw new WitanError('INSUFFICIENT_STAKE', 'The account has less stake on the node', {
        facts: { operator, account, requested: formatTokens(amount, 18), held: formatTokens(heldWei, 18) },
      })
    }
    const sent = await sendIntents(client, [client.intents.requestUnstake(nodeId, shares)], values, context)
    const event = sent.calls.flatMap(({ events }) => events).find(({ name }) => name === 'UnstakeRequested')
    const request = event?.name === 'UnstakeRequested' ? event.args : undefined
    return {
      nodeId,
      requestId: request?.requestId,
      amountWei: request?.assets,
      availableAt: request?.availableAt,
      ...sent,
    }
  },
  render: ({ requestId, availableAt, ...sent }) =>
    requestId === undefined
      ? renderSent(sent)
      : `${renderSent(sent)}\nrequest ${requestId}, payable from ${new Date(Number(availableAt) * 1000).toISOString()}`,
})

export const stakeWithdraw = defineCommand({
  path: ['stake', 'withdraw'],
  summary: 'Take out stake whose unbonding time is over',
  options: { ...sendOptions, request: option.required('--request <id>', 'as `stake remove` printed it', asInteger(0)) },
  examples: ['stake withdraw --request 1 --key owner'],
  async run({ request, ...values }, context) {
    const client = await openNetwork(values, context)
    return sendIntents(client, [client.intents.withdraw(BigInt(request))], values, context)
  },
  render: renderSent,
})

export const stakeClaim = defineCommand({
  path: ['stake', 'claim'],
  summary: 'Claim what nodes earned in a subnet, for their owner',
  options: { ...sendOptions, netuid: netuidOption },
  examples: ['stake claim --netuid 1 --key owner'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const account = await senderAddress(values, context)
    const [{ owner }, neurons] = await Promise.all([client.subnets.subnet(netuid), client.subnets.neurons(netuid)])
    const own = neurons.filter((neuron) => neuron.owner === account).map(({ nodeId }) => nodeId)
    const claimable = await Promise.all(own.map((nodeId) => client.money.claimable(netuid, nodeId)))
    const nodeIds = own.filter((_, index) => claimable[index]! > 0n)
    const ownerCut = owner === account ? await client.money.ownerClaimable(netuid) : 0n
    const intents = [
      ...(nodeIds.length > 0 ? [client.intents.claim(netuid, nodeIds)] : []),
      ...(ownerCut > 0n ? [client.intents.claimOwnerCut(netuid)] : []),
    ]
    const claimableWei = claimable.reduce((sum, each) => sum + each, ownerCut)
    return { claimableWei, ...(await sendIntents(client, intents, values, context)) }
  },
  render: ({ claimableWei, ...sent }) => `${formatTokens(claimableWei)} tokens to claim\n${renderSent(sent)}`,
})

export const stakeList = defineCommand({
  path: ['stake', 'list'],
  summary: "List an account's stake on the nodes of a subnet",
  options: {
    ...networkOptions,
    netuid: netuidOption,
    account: option.required('--account <address>', 'whose stake', asAddress),
  },
  examples: ['stake list --account 0x… --json'],
  async run({ netuid, account, ...values }, context) {
    const client = await openNetwork(values, context)
    const neurons = await client.subnets.neurons(netuid)
    const stakes = await Promise.all(
      neurons.map(async ({ uid, nodeId, operator, takeBps, stake }) => {
        const [shares, assetsWei] = await Promise.all([
          client.vault.sharesOf(nodeId, account),
          client.vault.assetsOf(nodeId, account),
        ])
        return { uid, nodeId, operator, takeBps, poolWei: stake, shares, assetsWei }
      }),
    )
    return stakes.filter(({ shares }) => shares > 0n)
  },
  render: (stakes, { terminal }) =>
    renderTable(
      [
        { title: 'UID', value: ({ uid }) => String(uid), align: 'right' },
        { title: 'OPERATOR', value: ({ operator }) => operator },
        { title: 'STAKE', value: ({ assetsWei }) => formatTokens(assetsWei), align: 'right' },
        { title: 'POOL', value: ({ poolWei }) => formatTokens(poolWei), align: 'right' },
        { title: 'TAKE', value: ({ takeBps }) => `${takeBps / 100} %`, align: 'right' },
      ],
      stakes,
      terminal.columns,
    ),
})
