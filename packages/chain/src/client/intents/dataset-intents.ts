import type { Address, DatasetRecord, Hex } from '@witan/protocol'
import { formatAmount } from '../../amount.js'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

export interface NewDataset {
  /** 1 to 31 bytes. */
  readonly name: string
  /** Wei of an order. */
  readonly price: bigint
  /** Wei that a flag costs for each record. */
  readonly flagBond: bigint
  /** Wei for each record of an upheld flag. */
  readonly flagReward: bigint
  /** The contributors' part of every payment. */
  readonly contributorsBps: number
  readonly curators: readonly Address[]
}

export interface NewDatasetVersion {
  readonly root: Hex
  readonly manifest: Hex
  readonly contributorsRoot: Hex
  /** keccak256 of the SPDX expression. */
  readonly licence: Hex
  readonly records: number
  /** The newest version; 0 for the first. */
  readonly parent: number
}

export interface NewFlag {
  readonly setId: bigint
  readonly version: number
  readonly records: readonly { readonly fields: DatasetRecord; readonly proof: readonly Hex[] }[]
  /** Digest of what is wrong. */
  readonly reason: Hex
  readonly roster: number
  readonly minReward: bigint
}

export interface RoyaltyClaim {
  readonly setId: bigint
  readonly version: number
  readonly contributor: Address
  readonly records: number
  readonly proof: readonly Hex[]
}

export function datasetIntents({ datasets }: Pick<Contracts, 'datasets'>) {
  return {
    createDataset: ({ name, curators, ...terms }: NewDataset): Intent =>
      makeIntent(
        datasets,
        'create',
        [name, terms, curators],
        `create data set ${name} with ${curators.length} curators`,
      ),

    proposeVersion: (setId: bigint, version: NewDatasetVersion): Intent =>
      makeIntent(
        datasets,
        'proposeVersion',
        [setId, contractTerms(version)],
        `propose ${version.records} records as the next version of data set ${setId}`,
      ),

    /** The bond must be approved. */
    flagRecords: ({ setId, version, records, reason, roster, minReward }: NewFlag): Intent =>
      makeIntent(
        datasets,
        'flag',
        [
          setId,
          version,
          records.map(({ fields }) => fields),
          records.map(({ proof }) => proof),
          reason,
          roster,
          minReward,
        ],
        `flag ${records.length} records of version ${version} of data set ${setId}`,
      ),

    voteOnBallot: (ballotId: bigint, support: boolean): Intent =>
      makeIntent(datasets, 'vote', [ballotId, support], `vote ${support ? 'for' : 'against'} ballot ${ballotId}`),

    lapseBallot: (ballotId: bigint): Intent =>
      makeIntent(datasets, 'lapse', [ballotId], `close ballot ${ballotId}, which ended without majority`),

    correctDataset: (setId: bigint, version: NewDatasetVersion, upTo: bigint): Intent =>
      makeIntent(
        datasets,
        'correct',
        [setId, contractTerms(version), upTo],
        `correct data set ${setId} to ${version.records} records, answering its flags up to ${upTo}`,
      ),

    setDatasetPrice: (setId: bigint, priceWei: bigint): Intent =>
      makeIntent(
        datasets,
        'setPrice',
        [setId, priceWei],
        `let an order of data set ${setId} cost ${formatAmount(priceWei)} tokens`,
      ),

    setCurators: (setId: bigint, curators: readonly Address[]): Intent =>
      makeIntent(
        datasets,
        'setCurators',
        [setId, [...curators]],
        `appoint ${curators.length} curators of data set ${setId}`,
      ),

    /** Of the newest version: a record that an answered flag was about. */
    proveUncorrected: (setId: bigint, { fields, proof }: NewFlag['records'][number]): Intent =>
      makeIntent(
        datasets,
        'proveUncorrected',
        [setId, fields, proof],
        `prove that data set ${setId} still has a condemned record`,
      ),

    /** The amount must be approved. */
    payRoyalty: (setId: bigint, version: number, amountWei: bigint): Intent =>
      makeIntent(
        datasets,
        'payRoyalty',
        [setId, version, amountWei],
        `pay ${formatAmount(amountWei)} tokens to the contributors of version ${version} of data set ${setId} and its owner`,
      ),

    sweepRoyalty: (setId: bigint, version: number): Intent =>
      makeIntent(
        datasets,
        'sweepRoyalty',
        [setId, version],
        `credit the owner of data set ${setId} with the unclaimed royalties of version ${version}`,
      ),

    /** The amount must be approved. */
    fundDataset: (setId: bigint, amountWei: bigint): Intent =>
      makeIntent(
        datasets,
        'fund',
        [setId, amountWei],
        `add ${formatAmount(amountWei)} tokens to the rewards of data set ${setId}`,
      ),

    /** The price must be approved. */
    orderDataset: (setId: bigint, maxPriceWei: bigint): Intent =>
      makeIntent(
        datasets,
        'order',
        [setId, maxPriceWei],
        `order data set ${setId} for at most ${formatAmount(maxPriceWei)} tokens`,
      ),

    claimRoyalty: ({ setId, version, contributor, records, proof }: RoyaltyClaim): Intent =>
      makeIntent(
        datasets,
        'claimRoyalty',
        [setId, version, contributor, BigInt(records), proof],
        `credit ${contributor} with its royalties of version ${version} of data set ${setId}`,
      ),

    withdrawCredit: (account: Address): Intent =>
      makeIntent(datasets, 'withdraw', [account], `pay out what data sets earned for ${account}`),
  }
}

function contractTerms({ records, ...version }: NewDatasetVersion) {
  return { ...version, records: BigInt(records) }
}
