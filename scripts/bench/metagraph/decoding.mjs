// Decoding the rows of `neurons` as the reader does, beside ethers.
import { createRequire } from 'node:module'
import { abis } from '@witan/contracts'
import { median, spread } from '../wire/statistics.mjs'

const require = createRequire(new URL('../../../packages/chain/package.json', import.meta.url))
const { Interface } = require('ethers')
const { decodeOutput } = await import(new URL('../../../packages/chain/dist/src/abi/contract.js', import.meta.url).href)

const coder = new Interface(JSON.stringify(abis.Subnets))
const fragment = coder.getFunction('neurons')
/** ethers takes seconds for more, and no more rounds are needed to see it. */
const ETHERS_ROUNDS = 1

function sampleOf({ baseType, type }, index) {
  if (baseType === 'address') return `0x${(index + 1).toString(16).padStart(40, '0')}`
  if (/^bytes\d+$/.test(type)) return `0x${'ab'.repeat(Number(type.slice(5)))}`
  return BigInt(index)
}

export async function measureDecoding(rows, rounds, time) {
  const { components } = fragment.outputs[0].arrayChildren
  const page = Array.from({ length: rows }, (_, index) => components.map((type) => sampleOf(type, index)))
  const data = coder.encodeFunctionResult(fragment, [page])
  const took = await time(rounds, () => void decodeOutput(fragment, data))
  const ethers = await time(ETHERS_ROUNDS, () => {
    // The fields are decoded when they are looked at.
    for (const row of coder.decodeFunctionResult(fragment, data)[0]) row.toObject()
  })
  return { rows, medianMs: median(took), spread: spread(took), ethersMs: median(ethers) }
}
