import { ZERO_ADDRESS } from '@witan/protocol'
import { formatAmount } from '../amount.js'
import type { ForkTerms } from './export-file.js'
import type { Exporting } from './exporting.js'

/** The rules of the network as its deploy file would say them now, with what its stakers changed. */
export async function exportTerms({ contracts, at, trail }: Exporting): Promise<ForkTerms> {
  const { subnets, vault, emission, channels, splitter, datasets, models, timelock } = contracts
  const creation = await subnets.read('creationTerms', [], at)
  const treasury = await splitter.read('treasury', [], at)
  const members = [...trail.members].sort()
  return {
    minEpochLength: await subnets.read('minEpochLength', [], at),
    unbonding: await vault.read('unbonding', [], at),
    rewardUnlock: await vault.read('rewardUnlock', [], at),
    moveLock: await vault.read('moveLock', [], at),
    subnetPrice: formatAmount(creation.floorPrice),
    subnetPriceHalfLife: creation.halfLife,
    subnetLock: formatAmount(creation.lock),
    listedFromStart: creation.listedFromStart,
    bountyCap: formatAmount(await emission.read('bountyCap', [], at)),
    gaugePeriod: await emission.read('gaugePeriod', [], at),
    maxShareBps: await emission.read('maxShareBps', [], at),
    channelGrace: await channels.read('grace', [], at),
    tableDelay: await splitter.read('tableDelay', [], at),
    datasetVote: await datasets.read('votePeriod', [], at),
    datasetCorrection: await datasets.read('correctionPeriod', [], at),
    modelGrace: await models.read('gracePeriod', [], at),
    governance: await exportGovernance({ contracts, at }),
    court: await exportCourt({ contracts, at }),
    ...(treasury === timelock.address ? {} : { treasury }),
    ...(members.length === 0 ? {} : { votes: 'members', members }),
  }
}

async function exportCourt({ contracts: { court, timelock }, at }: Pick<Exporting, 'contracts' | 'at'>) {
  const [wait, maxCycle] = await Promise.all([court.read('wait', [], at), timelock.read('maxCycle', [], at)])
  return {
    bond: formatAmount(await court.read('bond', [], at)),
    slashBps: await court.read('slashBps', [], at),
    margin: wait - maxCycle,
  }
}

async function exportGovernance({ contracts, at }: Pick<Exporting, 'contracts' | 'at'>) {
  const { governor, timelock } = contracts
  const guardian = await governor.read('proposalGuardian', [], at)
  return {
    votingDelay: Number(await governor.read('votingDelay', [], at)),
    votingPeriod: Number(await governor.read('votingPeriod', [], at)),
    voteExtension: await governor.read('lateQuorumVoteExtension', [], at),
    timelockDelay: Number(await timelock.read('getMinDelay', [], at)),
    executionWindow: await timelock.read('executionWindow', [], at),
    minCycle: await timelock.read('minCycle', [], at),
    maxCycle: await timelock.read('maxCycle', [], at),
    quorumPercent: Number(await governor.read('quorumNumerator', [], at)),
    superQuorumPercent: Number(await governor.read('superQuorumNumerator', [], at)),
    proposalThreshold: formatAmount(await governor.read('proposalThreshold', [], at)),
    maxProposalThreshold: formatAmount(await governor.read('maxProposalThreshold', [], at)),
    guardianTerm: await governor.read('guardianTerm', [], at),
    ...(guardian === ZERO_ADDRESS ? {} : { guardian }),
  }
}
