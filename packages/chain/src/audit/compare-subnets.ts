import type { SubnetParameters } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { readSubnets } from '../client/reads/read-subnets.js'
import type { Comparison } from './compare-money.js'
import type { Replay } from './replay.js'
import { type SubnetState, slotsBefore } from './subnets-ledger.js'
import { pendingVersion, runningEpoch, versionAt, windowOf } from './timeline.js'

export async function compareSubnets(replay: Replay, comparison: Comparison): Promise<void> {
  const { contracts, at, findings } = comparison
  const known = replay.subnets.subnets
  findings.compare('subnets', 'number of subnets', known.size, await contracts.subnets.read('subnetCount', [], at))
  for (const [netuid, subnet] of known) {
    await compareTerms(netuid, subnet, comparison)
    await compareParameters(netuid, subnet, comparison)
    await compareSlots(netuid, subnet, comparison)
    await compareNeurons(netuid, replay, comparison)
  }
}

async function compareTerms(netuid: number, subnet: SubnetState, { contracts, at, findings }: Comparison) {
  const [stored, candidate, modelVersions] = await Promise.all([
    contracts.subnets.read('subnet', [netuid], at),
    contracts.subnets.read('candidateOf', [netuid], at),
    contracts.subnets.read('modelVersions', [netuid], at),
  ])
  for (const name of ['owner', 'startedAt', 'membership', 'closesAt', 'lock', 'mechanism', 'name'] as const) {
    findings.compare('subnets', `subnet ${netuid} ${name}`, subnet[name], stored[name])
  }
  findings.compare('subnets', `subnet ${netuid} candidate`, subnet.candidate, candidate)
  findings.compare('subnets', `subnet ${netuid} model versions`, subnet.modelVersions, modelVersions)
  findings.compare('neurons', `subnet ${netuid} number of slots`, subnet.slots.length, stored.neuronCount)
}

async function compareParameters(netuid: number, subnet: SubnetState, { contracts, at, now, findings }: Comparison) {
  const [inForce, [isPending, fromEpoch, pending]] = await Promise.all([
    contracts.subnets.read('parameters', [netuid], at),
    contracts.subnets.read('pendingParameters', [netuid], at),
  ])
  const compareAll = (kind: string, rebuilt: SubnetParameters, stored: SubnetParameters) => {
    for (const name of Object.keys(stored) as (keyof SubnetParameters)[]) {
      findings.compare('parameters', `subnet ${netuid} ${kind} ${name}`, rebuilt[name], stored[name])
    }
  }
  compareAll('in force', versionAt(subnet.versions, now).parameters, inForce)
  const expected = pendingVersion(subnet.versions, now)
  findings.compare('parameters', `subnet ${netuid} pending`, expected !== undefined, isPending)
  if (expected === undefined || !isPending) return
  findings.compare('parameters', `subnet ${netuid} pending from epoch`, BigInt(expected.fromEpoch), fromEpoch)
  compareAll('pending', expected.parameters, pending)
}

/** Holders now and at the end of the epoch before, which is the last that may still be open. */
async function compareSlots(netuid: number, subnet: SubnetState, { contracts, at, now, findings }: Comparison) {
  const ended = windowOf(subnet.versions, runningEpoch(subnet.versions, now)).startsAt
  const occupied = subnet.slots.filter(([holder]) => holder!.nodeId !== 0n).length
  const history = subnet.registered - subnet.deregistered - subnet.pruned
  findings.compare('neurons', `subnet ${netuid} registered less deregistered and pruned`, history, occupied)
  const changedAt = await contracts.subnets.read('lastChangedAt', [netuid], at)
  findings.compare('neurons', `subnet ${netuid} last changed at`, subnet.lastChangedAt, changedAt)
  for (const time of [ended, now + 1]) {
    const [nodeIds, registeredAt] = await contracts.subnets.read('slotsAt', [netuid, time], at)
    const holders = slotsBefore(subnet, time)
    findings.compare('neurons', `subnet ${netuid} slots before ${time}`, holders.length, nodeIds.length)
    holders.forEach(({ nodeId, since }, uid) => {
      const stored = [nodeIds[uid], registeredAt[uid]]
      findings.compare('neurons', `subnet ${netuid} uid ${uid} holder before ${time}`, [nodeId, since], stored)
    })
  }
}

async function compareNeurons(netuid: number, replay: Replay, { contracts, at, now, findings }: Comparison) {
  const { subnets, records } = replay.subnets
  const { slots, uidOf } = subnets.get(netuid)!
  const neurons = await readSubnets(contracts).neurons(netuid, at)
  await forEachOf(neurons, async ({ uid, nodeId, registeredAt, operator, owner, takeBps, record }) => {
    const holder = slots[uid]?.[0]
    const node = replay.vault.nodes.get(nodeId)
    const compare = (what: string, rebuilt: unknown, stored: unknown) =>
      findings.compare('neurons', `subnet ${netuid} uid ${uid} ${what}`, rebuilt, stored)
    compare('node', [holder?.nodeId, holder?.since], [nodeId, registeredAt])
    if (nodeId === 0n) return
    compare('slot of its node', uidOf.get(nodeId), uid)
    compare('operator', node?.operator, operator)
    compare('owner', node?.owner, owner)
    compare('take', node?.takes.latest(), BigInt(takeBps))
    const told = records.get(operator)
    const live = told !== undefined && told.expiry > BigInt(now) ? [told.digest, Number(told.seq)] : []
    compare('address record', live, record === undefined ? [] : [record.digest, record.seq])
  })
}
