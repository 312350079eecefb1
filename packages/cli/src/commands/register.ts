import { defineCommand } from '../command/command.js'
import { option } from '../command/option.js'
import { asAmount } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'
import { netuidOption, openNetwork } from '../settings/connection.js'
import { consentOf, consentOptions } from '../settings/consent.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../settings/sending.js'

export const register = defineCommand({
  path: ['register'],
  summary: 'Register an operator key in a subnet; the price is burned',
  options: {
    ...sendOptions,
    netuid: netuidOption,
    ...consentOptions,
    maxPrice: option.required('--max-price <tokens>', 'the most that may be burned', asAmount),
  },
  examples: [
    'register --netuid 1 --key owner --operator-key operator --max-price 0.5',
    'register --netuid 1 --key owner --consent consent.json --max-price 0.5 --dry-run',
  ],
  async run({ netuid, operatorKey, operatorPasswordFile, consent, maxPrice, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const agreed = await consentOf({ operatorKey, operatorPasswordFile, consent }, { client, owner, values, context })
    const [price, lastPay] = await Promise.all([client.subnets.registrationPrice(netuid), client.lastPay(netuid)])
    const intents = [
      ...(await client.approvals({ owner, spender: 'subnets', amountWei: maxPrice })),
      client.intents.register({ netuid, ...agreed, maxPrice, lastPay }),
    ]
    const sent = await sendIntents(client, intents, values, context)
    const registered = argumentsOf(sent, 'NeuronRegistered')
    const pruned = argumentsOf(sent, 'NeuronPruned')
    return {
      netuid,
      operator: agreed.operator,
      uid: registered?.uid,
      nodeId: registered?.nodeId,
      price: registered?.price ?? price,
      pruned: pruned === undefined ? null : { uid: pruned.uid, nodeId: pruned.nodeId },
      ...sent,
    }
  },
  render({ netuid, operator, uid, nodeId, price, pruned, ...sent }) {
    const slot = uid === undefined ? 'in' : `${sent.dryRun ? 'would be' : 'is'} uid ${uid}, node ${nodeId}, of`
    const lost = sent.dryRun ? 'would lose' : 'lost'
    const pruning = pruned === null ? '' : `\nthe subnet is full: node ${pruned.nodeId} ${lost} uid ${pruned.uid}`
    return `${renderSent(sent)}\n${operator} ${slot} subnet ${netuid}; price ${formatTokens(price, 6)} tokens${pruning}`
  },
})
