import { defineCommand } from '../../command/command.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { netuidOption, openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const subnetDissolve = defineCommand({
  path: ['subnet', 'dissolve'],
  summary: 'Close a subnet for good: no epoch after the running one, no share of the emission; for its owner',
  options: { ...sendOptions, netuid: netuidOption },
  examples: ['subnet dissolve --netuid 2 --key owner --dry-run'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const { lock: lockWei } = await client.contracts.subnets.read('subnet', [netuid])
    const sent = await sendIntents(client, [client.intents.dissolve(netuid)], values, context)
    const dissolved = argumentsOf(sent, 'SubnetDissolved')
    return {
      netuid,
      lockWei,
      lastEpoch: dissolved === undefined ? null : Number(dissolved.lastEpoch),
      closesAt: dissolved?.closesAt ?? null,
      ...sent,
    }
  },
  render({ netuid, lockWei, lastEpoch, closesAt, ...sent }) {
    if (closesAt === null) return renderSent(sent)
    return [
      renderSent(sent),
      `epoch ${lastEpoch} is the last one and ends ${formatTime(closesAt)}; there is no way back`,
      `the lock of ${formatTokens(lockWei)} tokens comes back when it is settled: \`witan subnet release-lock --netuid ${netuid}\``,
    ].join('\n')
  },
})

export const subnetReleaseLock = defineCommand({
  path: ['subnet', 'release-lock'],
  summary: 'Pay the lock of a dissolved subnet to its owner once its last epoch is over; anybody may',
  options: { ...sendOptions, netuid: netuidOption },
  examples: ['subnet release-lock --netuid 2 --key owner'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const sent = await sendIntents(client, [client.intents.releaseLock(netuid)], values, context)
    const released = argumentsOf(sent, 'LockReleased')
    return { netuid, amountWei: released?.amount ?? null, owner: released?.owner ?? null, ...sent }
  },
  render({ amountWei, owner, ...sent }) {
    return amountWei === null ? renderSent(sent) : `${renderSent(sent)}\n${formatTokens(amountWei)} tokens to ${owner}`
  },
})
