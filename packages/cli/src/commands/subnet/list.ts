import { defineCommand } from '../../command/command.js'
import { formatTime, formatTokens, shorten } from '../../output/numbers.js'
import { renderTable } from '../../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../../settings/connection.js'

export const subnetList = defineCommand({
  path: ['subnet', 'list'],
  summary: 'List the subnets',
  options: networkOptions,
  examples: ['subnet list --json'],
  async run(values, context) {
    const client = await openNetwork(values, context)
    const count = await client.subnets.count()
    return Promise.all(Array.from({ length: count }, (_, index) => client.subnets.subnet(index + 1)))
  },
  render: (subnets, { terminal }) =>
    renderTable(
      [
        { title: 'NETUID', value: ({ netuid }) => String(netuid), align: 'right' },
        { title: 'NAME', value: ({ name }) => name },
        {
          title: 'NEURONS',
          value: ({ neuronCount, parameters }) => `${neuronCount}/${parameters.maxUids}`,
          align: 'right',
        },
        { title: 'EPOCH', value: ({ parameters }) => `${parameters.epochLength} s`, align: 'right' },
        { title: 'OWNER', value: ({ owner }) => owner },
        { title: 'MODELS', value: ({ modelVersions }) => modelVersions.map(shorten).join(' ') },
      ],
      subnets,
      terminal.columns,
    ),
})

export const subnetShow = defineCommand({
  path: ['subnet', 'show'],
  summary: 'Show a subnet: parameters, models, price to register',
  options: { ...networkOptions, netuid: netuidOption },
  examples: ['subnet show --netuid 1'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const [subnet, registrationPrice, supply] = await Promise.all([
      client.subnets.subnet(netuid),
      client.subnets.registrationPrice(netuid),
      client.money.supply(netuid),
    ])
    return { ...subnet, registrationPrice, supply }
  },
  render({ parameters, supply, registrationPrice, modelVersions, ...subnet }) {
    const facts = {
      netuid: subnet.netuid,
      name: subnet.name,
      owner: subnet.owner,
      neurons: `${subnet.neuronCount} of ${parameters.maxUids}`,
      membership: subnet.isConsortium ? 'consortium: only members register' : 'open',
      ...(subnet.closesAt === undefined ? {} : { dissolved: `closes ${formatTime(subnet.closesAt)}` }),
      lock: `${formatTokens(subnet.lockWei)} tokens`,
      models: modelVersions.join(', '),
      'price to register': `${formatTokens(registrationPrice, 6)} tokens`,
      ...parameters,
      ...Object.fromEntries(
        Object.entries(supply).map(([name, wei]) => [`supply ${name}`, `${formatTokens(wei)} tokens`]),
      ),
    }
    return Object.entries(facts)
      .map(([name, value]) => `${name.padEnd(20)}${value}`)
      .join('\n')
  },
})
