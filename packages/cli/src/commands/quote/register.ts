import type { ChainClient, LastPay, Subnet } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { netuidOption, networkOptions, openNetwork } from '../../settings/connection.js'
import { slotOptions, uidOf } from '../../settings/slot.js'
import { quoteRegistration } from './registration-quote.js'
import { renderQuote } from './render-quote.js'

const TREND_EPOCHS = 20

export const quoteRegister = defineCommand({
  path: ['quote', 'register'],
  summary: 'What registering in a subnet costs now and later, who would be pruned, and how safe a slot is',
  options: {
    ...networkOptions,
    netuid: netuidOption,
    ...slotOptions('also tell how safe this slot is'),
  },
  examples: ['quote register --netuid 1', 'quote register --netuid 1 --operator 0x… --json'],
  async run({ netuid, uid, operator, ...values }, context) {
    const client = await openNetwork(values, context)
    const { signal } = context
    const [subnet, neurons, lastPay, lastSettled, price, recent, { timestamp: now }] = await Promise.all([
      client.subnets.subnet(netuid),
      client.subnets.neurons(netuid),
      client.lastPay(netuid, signal),
      client.consensus.lastSettled(netuid),
      client.subnets.registrationPrice(netuid),
      client.registrations(netuid, TREND_EPOCHS, signal),
      client.latestBlock(signal),
    ])
    const quote = quoteRegistration({ subnet, neurons, lastPay, lastSettled, price, recent, now })
    const isAsked = uid !== undefined || operator !== undefined
    const own = isAsked
      ? await standingOf(client, subnet, await uidOf(client, netuid, { uid, operator }), lastPay)
      : null
    return { ...quote, own }
  },
  render: (quote) => renderQuote(quote, TREND_EPOCHS),
})

/** How many go before a slot, as the contract says, and until when it is immune. */
async function standingOf(
  client: ChainClient,
  { netuid, parameters, schedule }: Subnet,
  uid: number,
  lastPay: LastPay,
) {
  const [rank, { registeredAt, nodeId, operator }] = await Promise.all([
    client.subnets.pruningRank(netuid, uid, lastPay),
    client.subnets.neuron(netuid, uid),
  ])
  const { startedAt, epochLength } = schedule
  const registeredIn = Math.floor((registeredAt - startedAt) / epochLength)
  const immuneUntil = startedAt + (registeredIn + parameters.immunity + 1) * epochLength
  return {
    uid,
    nodeId,
    operator,
    registeredAt,
    pruningRank: rank ?? null,
    immuneUntil: rank === undefined ? immuneUntil : null,
  }
}
