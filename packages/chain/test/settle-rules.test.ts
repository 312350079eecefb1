// When an epoch is worth a transaction.
import t from 'tap'
import { bountyDown, isWorthSettling, paysOff } from '../src/index.js'

const TOKEN = 10n ** 18n

t.test('an epoch without stake is not worth settling', async (t) => {
  t.notOk(isWorthSettling([]))
  t.notOk(isWorthSettling([0n, 0n]))
  t.ok(isWorthSettling([0n, 1n]))
})

t.test('the bounty is half a percent, capped, in whole gwei', async (t) => {
  t.equal(bountyDown(100n * TOKEN, TOKEN), TOKEN / 2n)
  t.equal(bountyDown(1_000n * TOKEN, TOKEN), TOKEN)
  t.equal(bountyDown(1_999_999_999n, TOKEN), 0n)
})

t.test('a reward pays off when it is worth its gas, or as many times as asked', async (t) => {
  const payoff = { rewardWei: TOKEN / 2n, tokenPriceWei: 2n * 10n ** 15n, gas: 1_000_000, gasPriceWei: 10n ** 9n }
  t.ok(paysOff(payoff), 'exactly covered')
  t.notOk(paysOff({ ...payoff, gas: 1_000_001 }))
  t.notOk(paysOff(payoff, 2))
})
