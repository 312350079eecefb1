import { forEachOf } from '@witan/runtime'
import type { DatasetFlag } from '../client/reads/read-datasets.js'
import { compareDeeds } from './compare-deeds.js'
import type { Comparison } from './compare-money.js'
import { type DatasetState, isListedAt, versionsAround } from './datasets-ledger.js'
import type { Replay } from './replay.js'
import { stored } from './stored.js'

export async function compareDatasets(replay: Replay, comparison: Comparison): Promise<void> {
  const { contracts, at, findings } = comparison
  const { datasets } = contracts
  const { sets, deeds } = replay.datasets
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('datasets', what, rebuilt, told)
  compare('number of sets', BigInt(sets.size), await datasets.read('datasetCount', [], at))
  await forEachOf(sets, async ([setId, set]) => {
    await compareSet(setId, set, comparison)
    await compareVersions(setId, set, comparison)
    await compareOrders(setId, set, replay, comparison)
  })
  await compareBallots(replay, comparison)
  await compareRoyalties(replay, comparison)
  const reads = {
    ownerOf: (id: bigint) => datasets.read('ownerOf', [id], at),
    getApproved: (id: bigint) => datasets.read('getApproved', [id], at),
    isApprovedForAll: (owner: `0x${string}`, operator: `0x${string}`) =>
      datasets.read('isApprovedForAll', [owner, operator], at),
    authority: () => datasets.read('authority', [], at),
  }
  await compareDeeds('set', sets.keys(), deeds, reads, compare)
}

async function compareSet(setId: bigint, set: DatasetState, { contracts, at, now, findings }: Comparison) {
  const { datasets } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) =>
    findings.compare('datasets', `set ${setId} ${what}`, rebuilt, told)
  const [told, name, roster, isListed] = await Promise.all([
    stored(datasets.read('dataset', [setId], at)),
    stored(datasets.read('nameOf', [setId], at)),
    stored(datasets.read('curatorsOf', [setId], at)),
    datasets.read('isListed', [setId], at),
  ])
  compare('name', set.name, name)
  for (const [field, value] of Object.entries(set.terms)) {
    compare(field, value, told?.terms[field as keyof typeof set.terms])
  }
  for (const field of ['reserve', 'editions', 'upheld', 'answered', 'delisted'] as const) {
    compare(field, set[field], told?.[field])
  }
  compare('versions', set.versions.size, told?.versions)
  compare('curators', [set.curators, set.roster], roster)
  compare('listed', isListedAt(set, now), isListed)
  for (const curator of set.curators) {
    compare(`curator ${curator}`, true, await datasets.read('isCurator', [setId, set.roster, curator], at))
  }
  await forEachOf(set.dueAt, async ([number, dueAt]) => {
    compare(`flag ${number} due at`, dueAt, await datasets.read('dueAt', [setId, number], at))
  })
  await forEachOf(set.flagged, async ([leaf, ballotId]) => {
    compare(`flag of ${leaf}`, ballotId, await datasets.read('flagOfLeaf', [setId, leaf], at))
  })
}

async function compareVersions(setId: bigint, set: DatasetState, { contracts, at, findings }: Comparison) {
  for (const [number, version] of set.versions) {
    const label = `set ${setId} version ${number}`
    const told = await stored(contracts.datasets.read('version', [setId, number], at))
    for (const [field, value] of Object.entries(version.terms)) {
      findings.compare('datasets', `${label} ${field}`, value, told?.terms[field as keyof typeof version.terms])
    }
    findings.compare('datasets', `${label} edition`, version.edition, told?.edition)
    findings.compare('datasets', `${label} included at`, version.includedAt, told?.includedAt)
  }
}

/** Of each account two versions at most, whatever their number: no other would tell more. */
async function compareOrders(
  setId: bigint,
  set: DatasetState,
  replay: Replay,
  { contracts, at, findings }: Comparison,
) {
  const owner = replay.datasets.deeds.owners.get(setId)
  const byEdition = [...set.versions].sort(([, a], [, b]) => a.edition - b.edition)
  await forEachOf(set.orders, async ([account, edition]) => {
    for (const [number, version] of versionsAround(byEdition, edition)) {
      const isOpen = account === owner || version.edition <= edition
      const told = await stored(contracts.datasets.read('hasAccess', [setId, number, account], at))
      findings.compare('datasets', `set ${setId} version ${number} open to ${account}`, isOpen, told)
    }
  })
}

/** Of a ballot on a version. */
const NO_FLAG: DatasetFlag = { version: 0, records: 0, number: 0n, bond: 0n, reward: 0n }

async function compareBallots({ datasets: ledger }: Replay, { contracts, at, findings }: Comparison): Promise<void> {
  const { datasets } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('datasets', what, rebuilt, told)
  compare('number of ballots', BigInt(ledger.ballots.size), await datasets.read('ballotCount', [], at))
  await forEachOf(ledger.ballots, async ([ballotId, ballot]) => {
    const [told, flag] = await Promise.all([
      stored(datasets.read('ballot', [ballotId], at)),
      datasets.read('flagOf', [ballotId], at),
    ])
    for (const [field, value] of Object.entries(ballot)) {
      compare(`ballot ${ballotId} ${field}`, value, told?.[field as keyof typeof ballot])
    }
    for (const [field, value] of Object.entries(ledger.flags.get(ballotId) ?? NO_FLAG)) {
      compare(`flag ${ballotId} ${field}`, value, flag[field as keyof typeof flag])
    }
    for (const voter of ledger.voters.get(ballotId) ?? []) {
      compare(`ballot ${ballotId} vote of ${voter}`, true, await datasets.read('hasVoted', [ballotId, voter], at))
    }
  })
}

async function compareRoyalties(replay: Replay, { contracts, at, findings }: Comparison): Promise<void> {
  const { datasets } = contracts
  const { credits, versions } = replay.datasets.royalties
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('royalties', what, rebuilt, told)
  await forEachOf(credits, async ([account, credit]) => {
    compare(`credit of ${account}`, credit, await datasets.read('creditOf', [account], at))
  })
  await forEachOf(versions.values(), async ({ setId, version, pool, shares }) => {
    const label = `set ${setId} version ${version}`
    const told = await datasets.read('poolOf', [setId, version], at)
    for (const [field, value] of Object.entries(pool)) {
      compare(`${label} ${field}`, value, told[field as keyof typeof pool])
    }
    for (const [contributor, records] of shares) {
      const proven = await datasets.read('provenShareOf', [setId, version, contributor], at)
      compare(`${label} share of ${contributor}`, records, proven)
    }
  })
}
