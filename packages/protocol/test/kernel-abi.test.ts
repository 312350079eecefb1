import t from 'tap'
import {
  claimOf,
  type EpochInput,
  type EpochResult,
  fromBitmap,
  fromKernelOutput,
  type Hex,
  type KernelOutput,
  packRow,
  packWords,
  runEpoch,
  toKernelInput,
  unpackRow,
  unpackWords,
} from '../src/index.js'
import { fullEpochInput, randomEpochInput } from './epoch-random-input.js'

const field = (word: bigint, from: bigint, bits: number) => Number(BigInt.asUintN(bits, word >> from))

/** The epoch that a contract reads from the arguments: only voters have rows, bonds and times of their own. */
function decode([rules, voters, stakes, registeredAt, newPermits, rows, bonds]: ReturnType<typeof toKernelInput>) {
  const { uids, bondWords } = rules
  const rowWords = Math.ceil(uids / 16)
  const part = (words: readonly bigint[], size: number, index: number) =>
    unpackRow(words.slice(size * index, size * (index + 1)), uids)
  return {
    stake: unpackWords(stakes, 32, uids).map(Number),
    registeredAt: unpackWords(registeredAt, 64, uids).map(Number),
    newPermits: fromBitmap(newPermits, uids),
    voters: voters.map((word, index) => {
      const bondRow = field(word, 16n, 16)
      return {
        uid: field(word, 0n, 16),
        withheld: field(word, 32n, 32) === 1,
        lastUpdate: field(word, 64n, 64),
        committedAt: field(word, 128n, 64),
        row: part(rows, rowWords, index),
        bonds: bondRow === 0 ? new Array(uids).fill(0) : part(bonds, bondWords, bondRow - 1),
      }
    }),
  }
}

function expected(input: EpochInput) {
  const dense = (row: readonly number[]) => input.stake.map((_, uid) => row[uid] ?? 0)
  const { stake, registeredAt, newPermits } = input
  const voters = input.permits.flatMap((holds, uid) => (holds ? [uid] : []))
  return {
    stake,
    registeredAt,
    newPermits,
    voters: voters.map((uid) => ({
      uid,
      withheld: input.withheld[uid],
      lastUpdate: input.lastUpdate[uid],
      committedAt: input.committedAt[uid],
      row: dense(input.rows[uid]!),
      bonds: dense(input.bonds[uid]!),
    })),
  }
}

t.test('the arguments hold the epoch', async (test) => {
  for (let seed = 0; seed < 100; seed++) {
    const input = randomEpochInput(seed, 60)
    test.same(decode(toKernelInput(input)), expected(input), `seed ${seed}`)
  }
  const large = fullEpochInput(1, 48, 512)
  test.same(decode(toKernelInput(large)), expected(large), '48 × 512')
})

t.test('rules, bond words and claim', async (test) => {
  const base = { ...randomEpochInput(1), liquidAlpha: undefined }
  const voter = base.permits.indexOf(true)
  const none = { ...base, bonds: base.bonds.map(() => []) }
  const [rules, voters, , , , , bonds, claim] = toKernelInput(none)
  test.match(rules, { kappa: base.kappa, bondsAlpha: base.bondsAlphaPpm, endsAt: 1_000n, bondWords: 0 })
  test.match(rules, { liquidAlpha: false, alphaLow: 0, alphaHigh: 0, alphaSteepness: 0, uids: base.stake.length })
  test.same([bonds, claim], [[], []])
  test.equal(field(voters[0]!, 16n, 16), 0, 'no stored bonds')
  const one = { ...none, bonds: base.bonds.map((_, uid) => (uid === voter ? [7] : [])) }
  const [oneWord, [first]] = toKernelInput({ ...one, liquidAlpha: { low: 1, high: 2, steepness: 3 } })
  test.match(oneWord, { bondWords: 1, liquidAlpha: true, alphaLow: 1, alphaHigh: 2, alphaSteepness: 3 })
  test.equal(field(first!, 16n, 16), 1)
  const result = runEpoch(base)
  test.same(toKernelInput(base, claimOf(result))[7], packWords(result.consensus, 32))
})

t.test('an output becomes the result', async (test) => {
  for (let seed = 0; seed < 100; seed++) {
    const input = randomEpochInput(seed, 60)
    const result = runEpoch(input)
    test.same(fromKernelOutput(encode(result, input), input), result, `seed ${seed}`)
  }
})

const toBytes = (words: readonly bigint[]): Hex =>
  `0x${words.map((word) => word.toString(16).padStart(64, '0')).join('')}`

function encode(result: EpochResult, input: EpochInput): KernelOutput {
  const lanes = (values: readonly bigint[]) => toBytes(packWords(values, 32))
  const kept = result.bonds.filter((_, uid) => input.newPermits[uid])
  return {
    consensus: lanes(result.consensus),
    validatorTrust: lanes(result.validatorTrust),
    incentive: lanes(result.incentive),
    dividends: lanes(result.dividends),
    validatorPay: lanes(result.validatorPay),
    bonds: toBytes(kept.flatMap((row) => packRow(input.stake.map((_, uid) => row[uid] ?? 0)))),
    minersVoted: result.minersVoted,
    activeStake: result.activeStake,
  }
}
