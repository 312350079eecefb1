import { readConsensus } from '../client/reads/read-consensus.js'
import type { Comparison } from './compare-money.js'
import { type SubnetVotes, voterSince } from './consensus-ledger.js'
import type { Replay } from './replay.js'
import { snapshotHash } from './snapshot.js'

export async function compareConsensus(replay: Replay, comparison: Comparison): Promise<void> {
  for (const [netuid, votes] of replay.consensus) {
    await compareVoters(netuid, votes, comparison)
    await compareLast(netuid, votes, comparison)
  }
}

async function compareVoters(netuid: number, votes: SubnetVotes, { contracts, at, findings }: Comparison) {
  const reads = readConsensus(contracts)
  for (const { uid, registeredAt, rowHash, lastUpdate, commitments } of await reads.voterStates(netuid, at)) {
    const voter = voterSince(votes, uid, registeredAt)
    const compare = (what: string, rebuilt: unknown, stored: unknown) =>
      findings.compare('votes', `subnet ${netuid} uid ${uid} ${what}`, rebuilt, stored)
    compare('row hash', voter?.rowHash, rowHash)
    compare('last update', voter?.row?.committedAt ?? registeredAt, lastUpdate)
    const expected = (voter?.commitments ?? []).flatMap((commitment) => {
      if (commitment === undefined) return []
      return [[commitment.hash, commitment.epoch, commitment.committedAt, commitment.revealed]]
    })
    const stored = commitments.map(({ hash, epoch, committedAt, isRevealed }) => [hash, epoch, committedAt, isRevealed])
    compare('commitments', expected, stored)
  }
  for (const [epoch, uids] of votes.withheld) {
    const expected = [...uids].sort((a, b) => a - b)
    const stored = await reads.withheld(netuid, epoch, at)
    findings.compare('votes', `subnet ${netuid} epoch ${epoch} withheld`, expected, stored)
  }
}

async function compareLast(netuid: number, { snapshot, last }: SubnetVotes, { contracts, at, findings }: Comparison) {
  const { consensus } = contracts
  const [[epoch, hash], settled, [payHash]] = await Promise.all([
    consensus.read('lastSnapshot', [netuid], at),
    readConsensus(contracts).lastSettled(netuid, at),
    consensus.read('lastPay', [netuid], at),
  ])
  const label = `subnet ${netuid} last`
  if (snapshot !== undefined) {
    findings.compare('snapshots', `${label} snapshot's epoch`, BigInt(snapshot.epoch), epoch)
    findings.compare('snapshots', `${label} snapshot's hash`, snapshotHash(snapshot.snapshot), hash)
  }
  findings.compare('settlements', `${label} settled epoch`, last?.epoch, settled?.epoch)
  if (last === undefined || settled === undefined) return
  findings.compare('settlements', `${label} settled end`, last.endsAt, settled.endsAt)
  findings.compare('settlements', `${label} settled block`, last.blockNumber, settled.blockNumber)
  findings.compare('settlements', `${label} settled uids`, last.snapshot.uids, settled.uids)
  findings.compare('settlements', `${label} settled permits`, last.permits, settled.permits)
  findings.compare('settlements', `${label} settled pay hash`, last.payHash, payHash)
  findings.compare('bonds', `${label} settled bonds hash`, last.bondsHash, settled.bondsHash)
}
