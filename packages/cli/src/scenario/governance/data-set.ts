import {
  bytesToHex,
  canonicalJson,
  type Hex,
  hexToBytes,
  type Json,
  keccak256Hex,
  recordLeaf,
  rootOfProof,
} from '@witan/protocol'
import { openDataset, proveRecords } from '@witan/storage'
import { datasetBuild } from '../../commands/dataset/build.js'
import { datasetCorrect } from '../../commands/dataset/correct.js'
import { datasetFlag } from '../../commands/dataset/flag.js'
import { datasetPublish } from '../../commands/dataset/publish.js'
import { datasetVote } from '../../commands/dataset/vote.js'
import type { Stage } from '../stage.js'
import { type DigitSources, writeDigitSources } from './digit-sources.js'
import { CONTRIBUTOR, CREATOR, CURATORS, FLAGGER } from './governance-network.js'

const TOKEN = 10n ** 18n

export interface DigitSet {
  readonly setId: bigint
  readonly sources: DigitSources
  /** Of each edition in turn. */
  readonly folders: readonly [first: string, corrected: string, extended: string]
}

/** Builds and publishes the first edition, a tenth of whose labels are wrong; the curators include it. */
export async function publishFirstEdition(stage: Stage): Promise<DigitSet> {
  const sources = await writeDigitSources(stage.path('sources'), stage.addressOf(CONTRIBUTOR))
  const folders = [stage.path('digits-1'), stage.path('digits-2'), stage.path('digits-3')] as const
  await datasetBuild.run({ file: sources.descriptions[0], out: folders[0] }, stage.context)
  const { setId, ballotId } = await datasetPublish.run(
    {
      ...stage.as(CREATOR),
      dataset: folders[0],
      set: undefined,
      curator: CURATORS.map(stage.addressOf),
      price: 10n * TOKEN,
      flagBond: TOKEN / 10n,
      flagReward: 0n,
      contributors: 7_000,
    },
    stage.context,
  )
  await include(stage, [ballotId!])
  stage.tell(`data set ${setId}: 6,000 records, ${sources.wrong.length} of them with a wrong label`)
  return { setId, sources, folders }
}

/** Somebody flags every wrong record, the curators agree, and the creator answers with the corrected edition. */
export async function correctEdition(stage: Stage, { setId, sources, folders }: DigitSet): Promise<void> {
  const { wrong } = sources
  const flagged = await datasetFlag.run(
    { ...stage.as(FLAGGER), dataset: folders[0], set: setId, records: wrong, reason: 'wrong label', minReward: 0n },
    stage.context,
  )
  await include(stage, flagged.ballots)
  const { upheld } = await stage.client.datasets.dataset(setId)
  await datasetBuild.run({ file: sources.descriptions[1], out: folders[1] }, stage.context)
  const corrected = await datasetCorrect.run(
    { ...stage.as(CREATOR), dataset: folders[1], set: setId, upTo: undefined },
    stage.context,
  )
  const { answered, isListed } = await stage.client.datasets.dataset(setId)
  const [before, after] = await Promise.all(
    [folders[0], folders[1]].map(async (folder) => proveRecords(await openDataset(folder), wrong)),
  )
  const kept = before!.filter(({ leaf }, index) => leaf === after![index]!.leaf).length
  stage.book.observe(
    'bad-data',
    Number(upheld) === flagged.ballots.length && answered === upheld && isListed && kept === 0,
    {
      wrongRecords: wrong.length,
      bondWei: flagged.bondWei,
      flags: flagged.ballots.length,
      upheld,
      answered,
      correctedVersion: corrected.version,
      wrongRecordsKept: kept,
      transactions: [...flagged.calls, ...corrected.calls].map(({ hash }) => hash),
    },
  )
}

/** The corrected records and all other training images, which the curators include. */
export async function publishExtendedEdition(stage: Stage, { setId, sources, folders }: DigitSet): Promise<void> {
  const startedMs = stage.context.clock.monotonicMs()
  const { manifest } = await datasetBuild.run({ file: sources.descriptions[2], out: folders[2] }, stage.context)
  const { ballotId, version } = await datasetPublish.run(
    {
      ...stage.as(CREATOR),
      dataset: folders[2],
      set: setId,
      curator: [],
      price: 0n,
      flagBond: 0n,
      flagReward: 0n,
      contributors: 0,
    },
    stage.context,
  )
  await include(stage, [ballotId!])
  const seconds = (stage.context.clock.monotonicMs() - startedMs) / 1000
  const { root } = (await stage.client.datasets.version(setId, version)).terms
  await observeProofs(stage, folders[2], { root, records: manifest.records, seconds })
}

const PROVEN = [0, 1, 5_999, 6_000, 31_415, 59_999]

async function observeProofs(
  { book, context }: Stage,
  folder: string,
  { root, records, seconds }: { root: string; records: number; seconds: number },
): Promise<void> {
  const proofs = await proveRecords(await openDataset(folder), PROVEN, context.signal)
  const longest = Math.max(...proofs.map(({ proof }) => proof.length))
  const proves = proofs.filter(({ stored, fields, proof }) => rootFrom(stored.record, fields, proof) === root).length
  const altered = proofs.filter(
    ({ stored, fields, proof }) => rootFrom(withOtherByte(stored.record), fields, proof) === root,
  )
  book.observe('provable', records === 60_000 && longest <= 16 && proves === PROVEN.length && altered.length === 0, {
    root,
    records,
    tried: PROVEN,
    proves,
    longestProof: longest,
    provesWithAnAlteredByte: altered.length,
    secondsToBuildAndPublish: seconds,
  })
}

type Fields = Parameters<typeof recordLeaf>[0]

/** The root to which a record's content leads, by its proof. */
function rootFrom(content: Json, fields: Fields, proof: readonly Hex[]): Hex {
  const recordDigest = keccak256Hex(Buffer.from(canonicalJson(content)))
  return bytesToHex(
    rootOfProof(
      recordLeaf({ ...fields, recordDigest }),
      proof.map((node) => hexToBytes(node)),
    ),
  )
}

/** The same picture with another first byte. */
function withOtherByte(content: Json): Json {
  const record = content as { data: string }
  const bytes = Buffer.from(record.data, 'base64')
  bytes[0]! ^= 1
  return { ...record, data: bytes.toString('base64') } as Json
}

/** A majority of the curators agrees on each. */
async function include(stage: Stage, ballots: readonly bigint[]): Promise<void> {
  await Promise.all(
    CURATORS.slice(0, 2).map(async (curator) => {
      for (const ballot of ballots) {
        await datasetVote.run({ ...stage.as(curator), ballot, against: false }, stage.context)
      }
    }),
  )
}
