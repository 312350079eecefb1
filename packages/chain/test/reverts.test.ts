import { abis } from '@witan/contracts'
import { ERROR_CATALOG } from '@witan/protocol'
import { Interface } from 'ethers'
import t from 'tap'
import { codeOfContractError } from '../src/abi/contract-errors.js'
import { decodeRevert } from '../src/abi/revert.js'
import type { Rpc } from '../src/rpc/rpc.js'
import { type RpcReceipt, revertReason } from '../src/sender/receipt.js'

const declared = Object.entries(abis).flatMap(([contract, abi]) =>
  abi.flatMap((item) => (item.type === 'error' ? [{ contract, error: item.name }] : [])),
)

t.test('every custom error of every contract has a code and a next step', async (t) => {
  t.ok(declared.length > 80, 'the ABIs were read')
  const missing = declared.filter(({ contract, error }) => codeOfContractError(contract, error) === undefined)
  t.strictSame(
    missing.map(({ contract, error }) => `${contract}.${error}`),
    [],
    'a line in src/abi/contract-errors.ts gives each a code',
  )
  for (const { contract, error } of declared) {
    const code = codeOfContractError(contract, error)
    if (code !== undefined) t.not(code, 'CONTRACT_REVERTED', `${contract}.${error} has a code of its own`)
    if (code !== undefined) t.ok(ERROR_CATALOG[code].cure.length > 0, code)
  }
})

t.test('every custom error decodes to its code, with its arguments as facts', async (t) => {
  for (const [contract, abi] of Object.entries(abis)) {
    const coder = new Interface(JSON.stringify(abi))
    coder.forEachError((fragment) => {
      const values = fragment.inputs.map(({ type }) =>
        type === 'string'
          ? 'text'
          : type === 'address'
            ? `0x${'11'.repeat(20)}`
            : type.startsWith('bytes')
              ? `0x${'22'.repeat(Number(type.slice('bytes'.length)))}`
              : 7,
      )
      const error = decodeRevert(coder.encodeErrorResult(fragment, values) as `0x${string}`, `${contract}.call`)
      t.equal(error.code, codeOfContractError(contract, fragment.name), fragment.name)
      t.equal(error.facts.error, fragment.name)
      for (const { name } of fragment.inputs) t.ok(name in error.facts, `${fragment.name} tells ${name}`)
    })
  }
})

t.test('what no contract declares stays readable', async (t) => {
  const builtin = new Interface(['error Error(string)', 'error Panic(uint256)'])
  const facts = (data: string) => {
    const error = decodeRevert(data as `0x${string}`, 'Subnets.register')
    t.equal(error.code, 'CONTRACT_REVERTED')
    return error.facts.error
  }
  t.equal(facts(builtin.encodeErrorResult('Error', ['too\nlate'])), 'too late')
  t.equal(facts(builtin.encodeErrorResult('Panic', [0x11])), 'panic 0x11')
  t.equal(facts('0x'), 'no reason given')
  t.equal(facts('0x08c379a0ff'), '0x08c379a0ff', 'not a string after all')
  t.equal(facts('0xdeadbeef'), '0xdeadbeef')
})

t.test('an endpoint that does not know the transaction whose receipt it gave ends nothing', async (t) => {
  const asked: string[] = []
  const rpc: Rpc = {
    request: async <T>(method: string) => {
      asked.push(method)
      return (method === 'eth_getBlockByNumber' ? { number: '0x7', timestamp: '0x9', hash: '0x' } : null) as T
    },
  }
  const receipt = { transactionHash: '0xab', blockNumber: '0x7' } as unknown as RpcReceipt
  const reason = await revertReason(rpc, receipt, 'Subnets.register')
  t.match(reason, { code: 'CONTRACT_REVERTED', facts: { call: 'Subnets.register', blockNumber: 7 } })
  t.notOk(asked.includes('eth_call'), 'nothing is replayed')
})
