import t from 'tap'
import { feeUnderCap, lowerCap, requireWithinCap } from '../src/sender/cost-cap.js'
import { callCeiling, cancellationFees, checkLadder, climb, LEAST_RAISE_PERCENT } from '../src/sender/fee-ladder.js'
import { capFees } from '../src/sender/fees.js'

const fees = (maxFeeWei: bigint, priorityFeeWei = maxFeeWei / 10n) => ({ maxFeeWei, priorityFeeWei })
const quoted = fees(0n)
const stepsPercent = [25, 50]

t.test('each step offers as much more as declared, then the fee stays', async (t) => {
  const at = (step: number, ceilingWei?: bigint) =>
    climb({ last: fees(1_000n), quoted, step, stepsPercent, ceilingWei })
  t.same(at(0), fees(1_251n, 126n))
  t.same(at(1), fees(1_501n, 151n))
  t.equal(at(2), undefined, 'the end of the ladder')
  t.same(
    climb({ last: fees(1_000n), quoted: fees(9_000n), step: 0, stepsPercent, ceilingWei: undefined }),
    fees(9_000n),
  )
})

t.test('a ceiling bounds every step', async (t) => {
  const at = (ceilingWei: bigint) => climb({ last: fees(1_000n), quoted, step: 0, stepsPercent, ceilingWei })
  t.same(at(1_251n), fees(1_251n, 126n))
  t.same(at(1_200n), fees(1_200n, 126n), 'as much as is allowed')
  t.equal(at(1_100n), undefined, 'less than nodes take as a replacement')
  for (let last = 7n; last < 10n ** 12n; last = last * 3n + 1n) {
    const limit = last * 4n
    let current = fees(last)
    for (let step = 0; step < 50; step++) {
      const next = climb({
        last: current,
        quoted,
        step,
        stepsPercent: Array(50).fill(30),
        ceilingWei: callCeiling(limit),
      })
      if (next === undefined) break
      t.ok(next.maxFeeWei * 100n >= current.maxFeeWei * 110n, 'a replacement that nodes take')
      current = next
    }
    t.ok(current.maxFeeWei <= limit)
    const cancel = cancellationFees(current, quoted, limit)
    t.ok(cancel.maxFeeWei <= limit, 'a cancellation keeps within the limit')
    if (limit > 1_000n) t.ok(cancel.maxFeeWei * 100n >= current.maxFeeWei * 110n, 'and can replace')
  }
})

t.test('ladders that nodes would not follow are refused', async (t) => {
  const check = (intervalMs: number, steps: number[]) => checkLadder({ intervalMs, stepsPercent: steps })
  check(1, [LEAST_RAISE_PERCENT, 1_000])
  check(1, [])
  for (const steps of [[LEAST_RAISE_PERCENT - 1], [25, 12.5], [Number.NaN]]) {
    t.throws(() => check(1, steps), { code: 'FEE_LADDER_INVALID' })
  }
  t.throws(() => check(0, [25]), { code: 'FEE_LADDER_INVALID', facts: { value: 0 } })
})

t.test('caps', async (t) => {
  t.equal(lowerCap(undefined, undefined), undefined)
  t.equal(lowerCap(undefined, 3n), 3n)
  t.equal(lowerCap(2n, 3n), 2n)
  const cost = { call: 'coin.transfer', valueWei: 100n, gasLimit: 10, maxFeeWei: 5n }
  requireWithinCap(cost, undefined)
  requireWithinCap(cost, 150n)
  t.throws(() => requireWithinCap(cost, 149n), { code: 'COST_CAP_EXCEEDED', facts: { maxGasCostWei: 50n } })
  t.equal(feeUnderCap(cost, 150n), 5n)
  t.equal(feeUnderCap(cost, 99n), 0n)
  t.same(capFees({ baseFeeWei: 10n, ...fees(30n) }, 20n), fees(20n, 3n))
  t.throws(() => capFees({ baseFeeWei: 10n, ...fees(30n) }, 9n), { code: 'TRANSACTION_TOO_COSTLY' })
})
