import { defineCommand } from '../command/command.js'
import { option, usageError } from '../command/option.js'
import { asNode } from '../command/parse.js'
import { netuidOption, openNetwork } from '../settings/connection.js'
import { consentOf, consentOptions } from '../settings/consent.js'
import { resolveNode } from '../settings/node.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../settings/sending.js'
import { slotOptions, uidOf } from '../settings/slot.js'

export const deregister = defineCommand({
  path: ['deregister'],
  summary: "Give a slot up; nothing is refunded, what it earned stays the owner's",
  options: {
    ...sendOptions,
    netuid: netuidOption,
    ...slotOptions('the slot'),
  },
  examples: ['deregister --netuid 1 --operator 0x… --key owner', 'deregister --netuid 1 --uid 7 --key owner --dry-run'],
  async run({ netuid, uid, operator, ...values }, context) {
    const client = await openNetwork(values, context)
    const slot = await uidOf(client, netuid, { uid, operator })
    const neuron = await client.subnets.neuron(netuid, slot)
    const sent = await sendIntents(client, [client.intents.deregister(netuid, slot)], values, context)
    return { netuid, uid: slot, nodeId: neuron.nodeId, operator: neuron.operator, ...sent }
  },
  render: ({ netuid, uid, nodeId, operator, ...sent }) =>
    `${renderSent(sent)}\nnode ${nodeId} (${operator}): uid ${uid} of subnet ${netuid} ${sent.dryRun ? 'would be' : 'is'} vacant`,
})

export const operatorReplace = defineCommand({
  path: ['operator', 'replace'],
  summary: 'Give a node another operator key: the key before is powerless at once; slots, stake and pay stay',
  options: {
    ...sendOptions,
    node: option.required('--node <node>', "the node: its present operator's address or its number", asNode),
    ...consentOptions,
  },
  examples: [
    'operator replace --node 0x… --operator-key operator2 --key owner',
    'operator replace --node 3 --consent consent.json --key owner --dry-run',
  ],
  async run({ node, operatorKey, operatorPasswordFile, consent, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const nodeId = await resolveNode(client, node)
    const agreed = await consentOf({ operatorKey, operatorPasswordFile, consent }, { client, owner, values, context })
    const { operator: before } = await client.vault.pool(nodeId)
    if (before === agreed.operator) throw usageError('The node has this operator already', { nodeId, operator: before })
    const sent = await sendIntents(client, [client.intents.replaceOperator({ nodeId, ...agreed })], values, context)
    return { nodeId, before, operator: agreed.operator, ...sent }
  },
  render: ({ nodeId, before, operator, ...sent }) =>
    [
      renderSent(sent),
      `node ${nodeId}: ${before} → ${operator}`,
      'stop the daemon of the key before; the new one announces its own address record',
    ].join('\n'),
})
