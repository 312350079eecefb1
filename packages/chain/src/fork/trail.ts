import type { Address, Hex } from '@witan/protocol'
import type { ChainEvent } from '../abi/events.js'

/** What events name of the contracts that the replay leaves out: the keys of their state, not its values. */
export interface Trail {
  readonly channels: Set<Hex>
  /** (subnet, node, model) for which revenue came in, by their text. */
  readonly revenues: Map<string, { readonly netuid: number; readonly nodeId: bigint; readonly modelId: bigint }>
  /** Accounts that the splitter credited. */
  readonly payees: Set<Address>
  /** Accounts that the registry of data sets credited. */
  readonly datasetPayees: Set<Address>
  /** Members of consortia, by subnet. */
  readonly subnetMembers: Map<number, Set<Address>>
  /** Those who decide in a network of members. */
  readonly members: Set<Address>
}

export const createTrail = (): Trail => ({
  channels: new Set(),
  revenues: new Map(),
  payees: new Set(),
  datasetPayees: new Set(),
  subnetMembers: new Map(),
  members: new Set(),
})

export function follow(trail: Trail, event: ChainEvent): void {
  switch (event.contract) {
    case 'PaymentChannels':
      if (event.name === 'ChannelOpened') trail.channels.add(event.args.channelId)
      return
    case 'RevenueSplitter':
      if (event.name === 'Credited') trail.payees.add(event.args.account)
      if (event.name === 'RevenuePaidIn') {
        const { netuid, nodeId, modelId } = event.args
        trail.revenues.set(`${netuid} ${nodeId} ${modelId}`, { netuid, nodeId, modelId })
      }
      return
    case 'DatasetRegistry':
      if (event.name === 'Credited') trail.datasetPayees.add(event.args.account)
      return
    case 'SubnetMembers': {
      if (event.name !== 'MemberAdmitted' && event.name !== 'MemberRemoved') return
      const { netuid, account } = event.args
      const members = trail.subnetMembers.get(netuid) ?? new Set()
      trail.subnetMembers.set(netuid, members)
      if (event.name === 'MemberAdmitted') members.add(account)
      else members.delete(account)
      return
    }
    case 'MembershipToken':
      if (event.name === 'Admitted') trail.members.add(event.args.account)
      if (event.name === 'Removed') trail.members.delete(event.args.account)
  }
}
