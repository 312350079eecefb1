import { defineCommand } from '../../command/command.js'
import { netuidOption, openNetwork } from '../../settings/connection.js'
import { chosenPolicy, policyOptions, policyText } from '../../settings/policies.js'
import { proposeDecision, proposeOptions, renderDecision } from '../gov/proposing.js'

export const subnetSetPolicy = defineCommand({
  path: ['subnet', 'set-policy'],
  summary: 'Propose to the stakers a policy for every model of a subnet that has none of its own',
  options: { ...proposeOptions, netuid: netuidOption, ...policyOptions },
  examples: [
    'subnet set-policy --netuid 1 --file policy.yaml --key owner',
    'subnet set-policy --netuid 1 --file policy.yaml --out set-policy.json --key owner',
  ],
  async run({ netuid, file, none, ...values }, context) {
    const policy = chosenPolicy(file, none, context)
    const client = await openNetwork(values, context)
    const before = await client.models.subnetPolicy(netuid)
    const decision = {
      title: none ? `No policy for subnet ${netuid}` : `Policy ${policy} for subnet ${netuid}`,
      calls: [{ contract: 'ModelRegistry', function: 'setSubnetPolicy', args: { netuid, policy } }],
    }
    return { netuid, before, policy, ...(await proposeDecision(client, decision, values, context)) }
  },
  render: ({ netuid, before, policy, ...proposed }) =>
    `${renderDecision(proposed)}\nsubnet ${netuid}: ${policyText(before)} → ${policyText(policy)}, once it is carried out`,
})
