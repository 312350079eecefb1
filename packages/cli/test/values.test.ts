import t from 'tap'
import {
  asAddress,
  asAmount,
  asBytes32,
  asChoice,
  asFraction,
  asHttpUrl,
  asInteger,
  asPositiveAmount,
  asSeconds,
} from '../src/command/parse.js'
import { asFunding } from '../src/commands/chain.js'
import { toJson } from '../src/output/json.js'
import { formatShare, formatTokens, shorten } from '../src/output/numbers.js'
import { plainText } from '../src/output/plain-text.js'
import { type Column, renderTable } from '../src/output/table.js'
import { asParameter } from '../src/settings/parameters.js'

const USAGE = { code: 'USAGE', exitCode: 64 }

t.test('amounts are exact', async (t) => {
  t.equal(asAmount('1.5'), 1_500_000_000_000_000_000n)
  t.equal(asAmount('0.000000000000000001'), 1n)
  t.equal(asAmount('21000000'), 21_000_000n * 10n ** 18n)
  t.equal(asAmount('007'), 7n * 10n ** 18n)
  for (const text of ['', '.5', '5.', '-1', '+1', '1e3', '1,5', '1_000', ' 1', '1 ', '0.0000000000000000001', 'NaN']) {
    t.throws(() => asAmount(text), USAGE, `"${text}"`)
  }
  t.equal(asPositiveAmount('0.1'), 10n ** 17n)
  t.throws(() => asPositiveAmount('0.0'), USAGE)
})

t.test('whole numbers keep their bounds', async (t) => {
  const parse = asInteger(1, 10)
  t.equal(parse('1'), 1)
  t.equal(parse('10'), 10)
  for (const text of ['0', '11', '-1', '1.5', '', 'x', '1e1', '0x5']) t.throws(() => parse(text), USAGE, `"${text}"`)
  t.throws(() => asInteger(0)('9007199254740992'), USAGE, 'beyond what a number holds')
})

t.test('fractions are plain decimals from 0 to 1', async (t) => {
  t.strictSame(['0', '0.1', '0.000000001', '1', '1.0'].map(asFraction), [0, 0.1, 1e-9, 1, 1])
  for (const text of ['', '1.1', '2', '-0.1', '.5', '1e-3', '10 %', '0x1'])
    t.throws(() => asFraction(text), USAGE, `"${text}"`)
})

t.test('durations become seconds', async (t) => {
  t.strictSame(['15s', '10m', '72h', '7d'].map(asSeconds), [15, 600, 259_200, 604_800])
  t.equal(asSeconds('36500d'), 36_500 * 86_400)
  for (const text of ['15', 's', '1.5h', '1w', '-1s', '1h30m', '36501d', '99999999999999999999d'])
    t.throws(() => asSeconds(text), USAGE, `"${text}"`)
})

t.test('addresses, digests, choices and URLs', async (t) => {
  t.equal(asAddress(`0x${'AB'.repeat(20)}`), `0x${'ab'.repeat(20)}`)
  const checksummed = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' // of EIP-55
  t.equal(asAddress(checksummed), checksummed.toLowerCase())
  const mistyped = checksummed.replace('5aAe', '5aAf')
  t.throws(() => asAddress(mistyped), { ...USAGE, message: /is mistyped/ })
  for (const text of ['ab'.repeat(20), `0x${'ab'.repeat(19)}`, `0x${'zz'.repeat(20)}`, '0x…'])
    t.throws(() => asAddress(text), USAGE)
  t.equal(asBytes32(`0x${'CD'.repeat(32)}`), `0x${'cd'.repeat(32)}`)
  t.throws(() => asBytes32(`0x${'cd'.repeat(20)}`), USAGE)
  t.equal(asChoice('ts', 'evm')('evm'), 'evm')
  t.throws(() => asChoice('ts', 'evm')('EVM'), { ...USAGE, message: 'EVM is not one of ts, evm' })
  t.equal(asHttpUrl('https://rpc.example/key'), 'https://rpc.example/key')
  for (const text of ['banana', 'ws://x', 'file:///etc/passwd', '//x']) t.throws(() => asHttpUrl(text), USAGE, text)
})

t.test('what is written twice, or is no parameter, is not taken for something else', async (t) => {
  t.strictSame(asParameter('kappa=1'), { kappa: 1 })
  for (const text of ['kappa=1=2', 'kappa=', 'kappa', '=1', 'constructor=1', 'toString=1', '__proto__=1'])
    t.throws(() => asParameter(text), USAGE, text)
  const address = `0x${'11'.repeat(20)}`
  t.strictSame(asFunding(`${address}=2`), { address, amountWei: 2n * 10n ** 18n })
  for (const text of [address, `${address}=`, `${address}=1=2`]) t.throws(() => asFunding(text), USAGE, text)
})

t.test('nothing that a chain or a miner says drives the terminal', async (t) => {
  t.equal(plainText('a\tb\nc\r\nd é ✓'), 'a\tb\nc\r\nd é ✓')
  t.equal(plainText('\u001b[2Jx\u009b1m\ry\u202ez\u0007'), '\ufffd[2Jx\ufffd1m\ufffdy\ufffdz\ufffd')
  const said = { name: '\u001b\u007f\u009b\u202e' }
  t.equal(toJson(said), '{\n  "name": "\\u001b\\u007f\\u009b\\u202e"\n}')
  t.strictSame(JSON.parse(toJson(said)), said)
})

t.test('numbers for people', async (t) => {
  const wei = 10n ** 18n
  t.equal(formatTokens(0n), '0')
  t.equal(formatTokens(1_500n * wei + wei / 2n), '1500.5')
  t.equal(formatTokens(wei - 1n), '0.9999', 'cut off, not rounded up')
  t.equal(formatTokens(-wei / 4n), '-0.25')
  t.equal(formatTokens(1n, 18), '0.000000000000000001')
  t.equal(formatShare(0.12345), '12.3 %')
  t.equal(formatShare(1), '100.0 %')
  t.equal(shorten(`0x${'12'.repeat(20)}`), '0x1212…1212')
  t.equal(shorten('0x12345678'), '0x12345678')
})

t.test('JSON carries bigints as decimal strings, however deep', async (t) => {
  t.strictSame(JSON.parse(toJson({ wei: 2n ** 200n, list: [1n, { deep: 0n }], none: undefined })), {
    wei: (2n ** 200n).toString(),
    list: ['1', { deep: '0' }],
  })
})

t.test('a table fits its terminal', async (t) => {
  const columns: Column<{ name: string; n: number }>[] = [
    { title: 'NAME', value: ({ name }) => name },
    { title: 'N', value: ({ n }) => String(n), align: 'right' },
    { title: 'REST', value: () => 'x'.repeat(20) },
  ]
  const rows = [
    { name: 'a', n: 1 },
    { name: 'long name', n: 1000 },
  ]
  const x = 'x'.repeat(20)
  t.equal(renderTable(columns, rows, 80), `NAME          N  REST\na             1  ${x}\nlong name  1000  ${x}`)
  t.equal(
    renderTable(columns, rows, 36),
    'NAME          N\na             1\nlong name  1000',
    'the last column falls away',
  )
  t.equal(renderTable(columns, rows, 37).split('\n')[1]!.length, 37, 'a table that just fits is whole')
  t.equal(renderTable(columns, rows, 1), 'NAME\na\nlong name', 'one column always stays')
  t.equal(renderTable(columns, [], 80), 'NAME  N  REST')
})
