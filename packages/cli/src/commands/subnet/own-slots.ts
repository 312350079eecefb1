import { defineCommand } from '../../command/command.js'
import { repeated, toggle, usageError } from '../../command/option.js'
import { formatTime } from '../../output/numbers.js'
import { netuidOption, openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'
import { asUid } from '../../settings/slot.js'

export const subnetOwnSlots = defineCommand({
  path: ['subnet', 'own-slots'],
  summary: "Declare slots the subnet owner's own, so that their incentive is not minted; for the owner",
  options: {
    ...sendOptions,
    netuid: netuidOption,
    uid: repeated('--uid <uid>', 'a slot of a node that the owner owns', asUid),
    undo: toggle('--undo', 'take the declaration back'),
  },
  examples: ['subnet own-slots --netuid 1 --uid 3 --uid 4 --key owner', 'subnet own-slots --uid 3 --undo --key owner'],
  async run({ netuid, uid, undo, ...values }, context) {
    if (uid.length === 0) throw usageError('Give at least one --uid')
    const client = await openNetwork(values, context)
    const epoch = await client.consensus.currentEpoch(netuid)
    const { endsAt } = await client.subnets.epochContext(netuid, epoch)
    const declared = await client.subnets.ownSlots(netuid, endsAt)
    const sent = await sendIntents(client, [client.intents.declareOwnSlots(netuid, uid, !undo)], values, context)
    const fromTime = argumentsOf(sent, 'OwnSlotsDeclared')?.fromTime ?? null
    return { netuid, declared, uids: uid, own: !undo, fromTime, ...sent }
  },
  render({ declared, fromTime, ...sent }) {
    const now = declared.length === 0 ? 'none' : declared.join(', ')
    const when = fromTime === null ? '' : `; the change counts from ${formatTime(fromTime)} on`
    return `${renderSent(sent)}\ndeclared in the running epoch: ${now}${when}`
  },
})
